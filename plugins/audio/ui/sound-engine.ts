import {
  AUDIO_FORMATS,
  AUDIO_RATE,
  AUDIO_TRACKS,
  type AudioFormat,
  type AudioProblem,
  type AudioTrack,
  type JsonValue,
  type PanelContext,
  type PortMessage,
} from '@livelet/core/page';
import type { EngineToHalf, HalfToEngine } from '../src/page-protocol.js';
import { Loudspeaker } from './engine/loudspeaker.js';
import { Microphone, problemOf } from './engine/microphone.js';
import { OpusEncoder } from './engine/opus-encoder.js';
import { RecordableSound } from './engine/recordable-sound.js';
import { TrackPlayer } from './engine/track-player.js';

/** What is played reaches the computer's own sound so much later at most, ms. */
const ECHO = 300;
const BYTES_PER_SAMPLE = 2;
/** Beside this piece. */
const WORKER = new URL('./sound-worker.js', import.meta.url);

/** What records, plays and codes for the half; shows nothing. */
class SoundEngine implements Disposable {
  readonly #tell: (message: EngineToHalf, bytes?: Uint8Array) => void;
  readonly #resources = new DisposableStack();
  readonly #players: ReadonlyMap<AudioTrack, TrackPlayer>;
  readonly #loudspeakers: readonly Loudspeaker[];
  readonly #recordable: RecordableSound;
  /** Microphones and encoders by number; undefined while the browser asks. */
  readonly #open = new Map<number, Microphone | OpusEncoder | undefined>();
  #recorded = 0;
  #worker: Worker | undefined;

  constructor(tell: (message: EngineToHalf, bytes?: Uint8Array) => void) {
    this.#tell = tell;
    this.#recordable = this.#resources.use(new RecordableSound());
    const blocked = new Set<AudioFormat['use']>();
    const loudspeaker = (use: AudioFormat['use']): Loudspeaker => {
      const look = (isBlocked: boolean): void => {
        if (isBlocked) blocked.add(use);
        else blocked.delete(use);
        tell({ type: 'blocked', blocked: blocked.size > 0 });
      };
      return this.#resources.use(new Loudspeaker(use, look, this.#recordable));
    };
    const loudspeakers = { lowdelay: loudspeaker('lowdelay'), audio: loudspeaker('audio') };
    this.#loudspeakers = Object.values(loudspeakers);
    this.#players = new Map(
      AUDIO_TRACKS.map((track) => {
        const player = new TrackPlayer(
          track,
          loudspeakers[AUDIO_FORMATS[track].use],
          () => this.#decoders(),
          (heard) => tell({ type: 'heard', ...heard }),
        );
        return [track, player] as const;
      }),
    );
    const list = (): void => void this.#list();
    const devices = navigator.mediaDevices;
    devices?.addEventListener('devicechange', list);
    this.#resources.defer(() => devices?.removeEventListener('devicechange', list));
  }

  hear({ json, bytes }: PortMessage): void {
    const message = json as unknown as HalfToEngine;
    switch (message.type) {
      case 'open':
        void this.#openMicrophone(message.id, message.track, message.device);
        break;
      case 'encode':
        if (bytes) this.#encode(message.id, message.track, bytes);
        break;
      case 'close':
        this.#close(message.id);
        this.#tell({ type: 'closed', id: message.id });
        break;
      case 'play':
        if (bytes) this.#players.get(message.track)?.play(message.number, bytes);
        break;
      case 'hush':
        this.#players.get(message.track)?.hush();
        break;
      case 'output':
        for (const loudspeaker of this.#loudspeakers) loudspeaker.device = message.device;
        break;
      case 'list':
        void this.#list();
    }
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#open.keys()]) this.#close(id);
    for (const player of this.#players.values()) player[Symbol.dispose]();
    this.#resources.dispose();
  }

  async #openMicrophone(id: number, track: AudioTrack, device: string | undefined): Promise<void> {
    this.#open.set(id, undefined);
    let isOpen = false;
    const listener = {
      packet: (packet: Uint8Array, level: number): void => {
        if (!isOpen) this.#tell({ type: 'opened', id });
        isOpen = true;
        this.#tell({ type: 'packet', id, level }, packet);
      },
      ended: (problem: AudioProblem): void => this.#ended(id, problem),
    };
    try {
      const microphone = await Microphone.open(track, device, listener);
      // Not wanted any more by the time the person has answered.
      if (this.#open.has(id)) {
        this.#open.set(id, microphone);
        this.#recordable.put(microphone, microphone.track);
      } else microphone[Symbol.dispose]();
      void this.#list();
    } catch (error) {
      if (this.#open.has(id)) this.#ended(id, problemOf(error));
    }
  }

  #encode(id: number, track: AudioTrack, samples: Uint8Array): void {
    const { channels } = AUDIO_FORMATS[track];
    let encoder = this.#open.get(id);
    if (!this.#open.has(id)) {
      encoder = new OpusEncoder(track, {
        packet: (packet, level) => this.#tell({ type: 'packet', id, level }, packet),
        failed: () => this.#ended(id, 'audio-unavailable'),
      });
      this.#open.set(id, encoder);
    }
    if (!(encoder instanceof OpusEncoder)) return;
    // What the other person says is played here: they would hear themselves.
    if (track === 'hear-computer' && this.#speaks()) samples.fill(0);
    const numberOfFrames = samples.length / (BYTES_PER_SAMPLE * channels);
    encoder.encode(
      new AudioData({
        format: 's16',
        sampleRate: AUDIO_RATE,
        numberOfChannels: channels,
        numberOfFrames,
        timestamp: Math.round((this.#recorded * 1e6) / AUDIO_RATE),
        data: samples as Uint8Array<ArrayBuffer>,
      }),
    );
    this.#recorded += numberOfFrames;
  }

  /** One worker for all tracks, from the first one on. */
  #decoders(): Worker {
    if (!this.#worker) {
      const worker = new Worker(WORKER, { type: 'module' });
      this.#resources.defer(() => worker.terminate());
      this.#worker = worker;
    }
    return this.#worker;
  }

  #speaks(): boolean {
    const until = this.#players.get('speak')?.loudUntil ?? 0;
    return performance.now() < until + ECHO;
  }

  #ended(id: number, problem: AudioProblem): void {
    this.#close(id);
    this.#tell({ type: 'ended', id, problem });
  }

  #close(id: number): void {
    const open = this.#open.get(id);
    if (open) this.#recordable.remove(open);
    open?.[Symbol.dispose]();
    this.#open.delete(id);
  }

  async #list(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: MediaDeviceKind) =>
      devices
        // Until a microphone was allowed they have no names; the defaults are what "automatic" means.
        .filter((device) => device.kind === kind && device.label !== '' && device.deviceId !== 'default')
        .map(({ deviceId: id, label }) => ({ id, label }));
    this.#tell({ type: 'devices', inputs: of('audioinput'), outputs: of('audiooutput') });
  }
}

export function mount({ port }: PanelContext<HTMLElement>): Disposable {
  const resources = new DisposableStack();
  const engine = resources.use(
    new SoundEngine((message, bytes) => {
      const json = message as unknown as JsonValue;
      port.post(bytes ? { json, bytes } : { json });
    }),
  );
  resources.use(port.onMessage((message) => engine.hear(message)));
  engine.hear({ json: { type: 'list' } });
  return resources;
}
