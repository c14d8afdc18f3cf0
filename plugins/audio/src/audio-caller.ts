import {
  AUDIO_PATHS,
  AUDIO_TRACKS,
  type AudioTrack,
  Clock,
  GrantedStream,
  type GrantsView,
  PeerGrants,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  SessionInfo,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { SoundHalf } from './sound-half.js';

/** The operator's half: hears what the customer allows, and speaks once its person has switched their microphone on. */
@injectable()
export class AudioCaller implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #grants: GrantsView;
  readonly #session: SessionInfo;
  readonly #half: SoundHalf;
  readonly #held = new Map<AudioTrack, GrantedStream>();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) receipt: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#grants = grants;
    this.#session = session;
    this.#half = new SoundHalf({
      role: 'caller',
      // The customer allows to be spoken to; whether this person's microphone opens is for this person.
      outgoing: new Map([['speak', { muted: true }]]),
      grants,
      ui,
      session,
      clock,
      receipt,
      listen: (track, wanted) => this.#listen(track, wanted),
    });
  }

  start(): void {
    for (const track of AUDIO_TRACKS) this.#listen(track, true);
    this.#session.signal.addEventListener('abort', () => void this.stop(), { once: true });
  }

  async stop(): Promise<void> {
    for (const held of this.#held.values()) held[Symbol.dispose]();
    this.#held.clear();
    await this.#half[Symbol.asyncDispose]();
  }

  /** Without a stream the customer's device is closed. */
  #listen(track: AudioTrack, wanted: boolean): void {
    this.#held.get(track)?.[Symbol.dispose]();
    this.#held.delete(track);
    if (!wanted || this.#session.signal.aborted) return;
    const held = new GrantedStream(this.#channel, this.#grants, AUDIO_PATHS[track], track, (stream) =>
      this.#half.hold(track, stream),
    );
    this.#held.set(track, held);
  }
}
