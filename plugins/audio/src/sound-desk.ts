import {
  AUDIO_TRACKS,
  type AudioDevice,
  type AudioTrack,
  type PagePort,
  type PluginUi,
  type PortMessage,
} from '@livelet/core';
import {
  deviceKey,
  type HalfToMark,
  type HalfToPanel,
  MARK_PIECES,
  PANEL_PIECE,
  type PanelToHalf,
  type SoundState,
  type TrackShown,
} from './page-protocol.js';

/** What the desk shows, and what its panel wants. */
export interface DeskOwner {
  readonly role: SoundState['role'];
  readonly peerName: string;
  readonly isBlocked: boolean;
  readonly outputs: readonly AudioDevice[];
  track(track: AudioTrack): TrackShown;
  /** Microphones, looked for now. */
  inputs(): Promise<readonly AudioDevice[]>;
  mute(track: AudioTrack, muted: boolean): void;
  /** @param device a key; undefined: the system's */
  choose(what: 'input' | 'output', device: string | undefined): void;
}

/** The ports of the panel and the marks: tells them where every track stands. */
export class SoundDesk implements Disposable {
  readonly #owner: DeskOwner;
  readonly #resources = new DisposableStack();
  readonly #panels = new Set<PagePort>();
  readonly #marks = new Map<PagePort, AudioTrack>();
  #inputs: readonly AudioDevice[] = [];
  #input = '';
  #output = '';
  #told = '';

  constructor(ui: PluginUi, owner: DeskOwner) {
    this.#owner = owner;
    this.#resources.use(ui.onPort(PANEL_PIECE, (port) => this.#serve(port)));
    if (owner.role === 'answerer') return;
    for (const track of AUDIO_TRACKS) {
      this.#resources.use(ui.onPort(MARK_PIECES[track], (port) => this.#mark(port, track)));
    }
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
    for (const port of [...this.#panels, ...this.#marks.keys()]) port.close();
  }

  /** Tells what is different. */
  changed(): void {
    const state = this.#state();
    const told = JSON.stringify(state);
    if (told === this.#told) return;
    this.#told = told;
    for (const port of this.#panels) post(port, state);
    for (const [port, track] of this.#marks) this.#tellMark(port, track);
  }

  level(track: AudioTrack, level: number): void {
    for (const port of this.#panels) post(port, { type: 'level', track, level });
  }

  /** Looks which devices there are. */
  async list(): Promise<void> {
    this.#inputs = await this.#owner.inputs();
    this.changed();
  }

  #serve(port: PagePort): void {
    this.#panels.add(port);
    port.onClose(() => this.#panels.delete(port));
    port.onMessage(({ json }) => this.#hear(json as unknown as PanelToHalf));
    post(port, this.#state());
  }

  #mark(port: PagePort, track: AudioTrack): void {
    this.#marks.set(port, track);
    port.onClose(() => this.#marks.delete(port));
    this.#tellMark(port, track);
  }

  #hear(message: PanelToHalf): void {
    switch (message.type) {
      case 'mute':
        if (AUDIO_TRACKS.includes(message.track)) this.#owner.mute(message.track, message.muted === true);
        break;
      case 'input':
        this.#input = known(message.device, this.#inputs);
        this.#owner.choose('input', this.#input === '' ? undefined : this.#input);
        break;
      case 'output':
        this.#output = known(message.device, this.#owner.outputs);
        this.#owner.choose('output', this.#output === '' ? undefined : this.#output);
        break;
      case 'list':
        void this.list();
    }
    this.changed();
  }

  #tellMark(port: PagePort, track: AudioTrack): void {
    const { role } = this.#owner;
    post(port, { type: 'mark', role, track, live: this.#owner.track(track).live });
  }

  #state(): SoundState {
    const { role, peerName, isBlocked, outputs } = this.#owner;
    return {
      type: 'state',
      role,
      peerName,
      tracks: {
        hear: this.#owner.track('hear'),
        'hear-computer': this.#owner.track('hear-computer'),
        speak: this.#owner.track('speak'),
      },
      inputs: this.#inputs,
      outputs,
      input: this.#input,
      output: this.#output,
      blocked: isBlocked,
    };
  }
}

function known(key: unknown, devices: readonly AudioDevice[]): string {
  return devices.some((device) => deviceKey(device) === key) ? (key as string) : '';
}

function post(port: PagePort, message: HalfToPanel | HalfToMark): void {
  // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
  port.post({ json: message as unknown as PortMessage['json'] });
}
