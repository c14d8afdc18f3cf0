import {
  type AudioDevice,
  type AudioProblem,
  type AudioTrack,
  asLiveletError,
  type CaptureListener,
  type Clock,
  isAudioProblem,
  LiveletError,
  MAX_AUDIO_PACKET,
  type PagePort,
  type PluginUi,
  type PortMessage,
} from '@livelet/core';
import {
  ENGINE_PIECE,
  type EngineDevice,
  type EngineToHalf,
  type HalfToEngine,
  type Heard,
} from './page-protocol.js';

/** How long a page has to be there, ms: it may be loading. */
const PAGE_DEADLINE = 15_000;
/** How long a person may take to answer the browser's question, ms. */
const ANSWER_DEADLINE = 120_000;
/** How long the engine has to close what it opened, ms. */
const CLOSE_DEADLINE = 2000;
/** Sound that the page has not taken yet, bytes: about 200 ms of two channels. What comes on top is left out. */
const MAX_BUFFERED = 40_000;
/** Devices of one kind, and UTF-16 units of a name, that a page's list is cut to. */
const MAX_DEVICES = 64;
const MAX_LABEL = 128;
const MAX_ID = 256;

/** What the engine tells of itself. */
export interface EngineListener {
  /** Devices, or whether it is there or may play. */
  changed(): void;
  heard(heard: Heard): void;
}

interface Capturing {
  readonly listener: CaptureListener;
  readonly opened: () => void;
  readonly closed: () => void;
  isOpen: boolean;
}

/** An encoder in the page for a device that is recorded here. */
export interface PageEncoder extends Disposable {
  /** The next 20 ms: 16 bit, little-endian, channels side by side. */
  encode(samples: Uint8Array): void;
}

/** The half's hold on the part of its page that has the browser's microphone, Opus and the loudspeaker. */
export class EngineLink implements Disposable {
  readonly #clock: Clock;
  readonly #listener: EngineListener;
  readonly #listening: Disposable;
  readonly #capturing = new Map<number, Capturing>();
  readonly #waiting = new Set<() => void>();
  #port: PagePort | undefined;
  #lastId = 0;
  #output: string | undefined;
  inputs: readonly AudioDevice[] = [];
  outputs: readonly AudioDevice[] = [];
  /** The browser lets the page play nothing yet. */
  isBlocked = false;

  constructor(ui: PluginUi, clock: Clock, listener: EngineListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#listening = ui.onPort(ENGINE_PIECE, (port) => this.#serve(port));
  }

  get isThere(): boolean {
    return this.#port !== undefined;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    const port = this.#port;
    this.#gone();
    port?.close();
  }

  /** Opens a microphone of the page. @throws `audio-unavailable`, `audio-refused`, `cancelled` */
  async open(
    track: AudioTrack,
    device: string | undefined,
    listener: CaptureListener,
    signal: AbortSignal,
  ): Promise<AsyncDisposable> {
    await this.#present(signal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const ended = (problem: AudioProblem): void => reject(new LiveletError(problem, 'not opened'));
    let opened = false;
    const id = this.#begin(
      {
        packet: (packet, level) => listener.packet(packet, level),
        ended: (problem) => (opened ? listener.ended(problem) : ended(problem)),
      },
      resolve,
    );
    const cancel = (): void => reject(new LiveletError('cancelled', 'not wanted any more'));
    signal.addEventListener('abort', cancel, { once: true });
    using _ = this.#clock.setTimer(ANSWER_DEADLINE, () => ended('audio-refused'));
    if (signal.aborted) cancel();
    else this.#tell({ type: 'open', id, track, ...(device !== undefined && { device }) });
    try {
      await promise;
      opened = true;
    } catch (error) {
      await this.#close(id);
      throw asLiveletError(error);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    return { [Symbol.asyncDispose]: async () => await this.#close(id) };
  }

  /** @throws `audio-unavailable` without a page, `cancelled` */
  async encoder(track: AudioTrack, listener: CaptureListener, signal: AbortSignal): Promise<PageEncoder> {
    await this.#present(signal);
    const id = this.#begin(listener, () => undefined);
    return {
      encode: (samples) => {
        if ((this.#port?.bufferedBytes ?? 0) < MAX_BUFFERED)
          this.#tell({ type: 'encode', id, track }, samples);
      },
      [Symbol.dispose]: () => void this.#close(id),
    };
  }

  play(track: AudioTrack, number: number, packet: Uint8Array): void {
    if ((this.#port?.bufferedBytes ?? 0) < MAX_BUFFERED) this.#tell({ type: 'play', track, number }, packet);
  }

  hush(track: AudioTrack): void {
    this.#tell({ type: 'hush', track });
  }

  /** Where sound is played from now on. */
  setOutput(device: string | undefined): void {
    this.#output = device;
    this.#tell({ type: 'output', ...(device !== undefined && { device }) });
  }

  list(): void {
    this.#tell({ type: 'list' });
  }

  #serve(port: PagePort): void {
    const before = this.#port;
    if (before) {
      this.#gone();
      before.close();
    }
    this.#port = port;
    port.onMessage((message) => {
      if (this.#port === port) this.#hear(message);
    });
    port.onClose(() => {
      if (this.#port === port) this.#gone();
    });
    if (this.#output !== undefined) this.setOutput(this.#output);
    for (const resolve of [...this.#waiting]) resolve();
    this.#listener.changed();
  }

  /** The page went away, and all that it had opened with it. */
  #gone(): void {
    this.#port = undefined;
    this.isBlocked = false;
    const capturing = [...this.#capturing.values()];
    this.#capturing.clear();
    for (const { listener, closed } of capturing) {
      closed();
      listener.ended('audio-unavailable');
    }
    this.#listener.changed();
  }

  #hear({ json, bytes }: PortMessage): void {
    const message = json as unknown as EngineToHalf;
    switch (message.type) {
      case 'opened':
        this.#opened(message.id);
        break;
      case 'ended':
        this.#ended(message.id, message.problem);
        break;
      case 'closed':
        this.#capturing.get(message.id)?.closed();
        break;
      case 'packet':
        this.#packet(message.id, message.level, bytes);
        break;
      case 'devices':
        this.inputs = named(message.inputs);
        this.outputs = named(message.outputs);
        this.#listener.changed();
        break;
      case 'heard':
        this.#listener.heard(message);
        break;
      case 'blocked':
        this.isBlocked = message.blocked === true;
        this.#listener.changed();
    }
  }

  #opened(id: number): void {
    const capturing = this.#capturing.get(id);
    if (!capturing || capturing.isOpen) return;
    capturing.isOpen = true;
    capturing.opened();
  }

  #ended(id: number, problem: unknown): void {
    const capturing = this.#capturing.get(id);
    if (!this.#capturing.delete(id) || !capturing) return;
    capturing.closed();
    capturing.listener.ended(isAudioProblem(problem) ? problem : 'audio-unavailable');
  }

  #packet(id: number, level: number, packet: Uint8Array | undefined): void {
    if (!packet || packet.length === 0 || packet.length > MAX_AUDIO_PACKET) return;
    this.#capturing.get(id)?.listener.packet(packet, level);
  }

  #begin(listener: CaptureListener, opened: () => void): number {
    this.#lastId += 1;
    this.#capturing.set(this.#lastId, { listener, opened, closed: () => undefined, isOpen: false });
    return this.#lastId;
  }

  /** Resolves when the page has closed it, or is gone. */
  async #close(id: number): Promise<void> {
    const capturing = this.#capturing.get(id);
    if (!capturing) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // From here on nothing of it is passed on.
    const silent: CaptureListener = { packet: () => undefined, ended: () => undefined };
    this.#capturing.set(id, { ...capturing, listener: silent, opened: () => undefined, closed: resolve });
    this.#tell({ type: 'close', id });
    using _ = this.#clock.setTimer(CLOSE_DEADLINE, resolve);
    await promise;
    this.#capturing.delete(id);
  }

  /** Waits for a page that loads. @throws `audio-unavailable`, `cancelled` */
  async #present(signal: AbortSignal): Promise<void> {
    if (this.#port) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    using _ = this.#clock.setTimer(PAGE_DEADLINE, () =>
      reject(new LiveletError('audio-unavailable', 'no page')),
    );
    const cancel = (): void => reject(new LiveletError('cancelled', 'not wanted any more'));
    signal.addEventListener('abort', cancel, { once: true });
    this.#waiting.add(resolve);
    try {
      if (signal.aborted) cancel();
      await promise;
    } finally {
      this.#waiting.delete(resolve);
      signal.removeEventListener('abort', cancel);
    }
  }

  #tell(message: HalfToEngine, bytes?: Uint8Array): void {
    const json = message as unknown as PortMessage['json'];
    this.#port?.post(bytes === undefined ? { json } : { json, bytes });
  }
}

function named(devices: readonly EngineDevice[]): readonly AudioDevice[] {
  return devices
    .filter(({ id }) => id.length > 0 && id.length <= MAX_ID)
    .slice(0, MAX_DEVICES)
    .map(({ id, label }) => ({ place: 'page', id, label: label.slice(0, MAX_LABEL) }));
}
