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
  type HalfToPanel,
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

/** The ports of the panel: tells them where every track stands. */
export class SoundDesk implements Disposable {
  readonly #owner: DeskOwner;
  readonly #resources = new DisposableStack();
  readonly #panels = new Set<PagePort>();
  #inputs: readonly AudioDevice[] = [];
  #input = '';
  #output = '';
  #told = '';

  constructor(ui: PluginUi, owner: DeskOwner) {
    this.#owner = owner;
    this.#resources.use(ui.onPort(PANEL_PIECE, (port) => this.#serve(port)));
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
    for (const port of this.#panels) port.close();
  }

  /** Tells what is different. */
  changed(): void {
    const state = this.#state();
    const told = JSON.stringify(state);
    if (told === this.#told) return;
    this.#told = told;
    for (const port of this.#panels) post(port, state);
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

function post(port: PagePort, message: HalfToPanel): void {
  // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
  port.post({ json: message as unknown as PortMessage['json'] });
}
