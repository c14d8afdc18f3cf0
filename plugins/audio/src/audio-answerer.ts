import {
  AUDIO_PATHS,
  AUDIO_TRACKS,
  acceptLimited,
  type ByteStream,
  Clock,
  type GrantsView,
  OwnGrants,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  SessionInfo,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { SoundHalf } from './sound-half.js';

/** The customer's sound for the operator, and the operator's voice for the customer, each as long as they allow it. */
@injectable()
export class AudioAnswerer implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #half: SoundHalf;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  readonly #resources = new DisposableStack();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(OwnGrants) grants: GrantsView,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) receipt: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#session = session;
    this.#clock = clock;
    this.#half = new SoundHalf({
      role: 'answerer',
      // Whoever allows it switches it on by that.
      outgoing: new Map([
        ['hear', { muted: false }],
        ['hear-computer', { muted: false }],
      ]),
      grants,
      ui,
      session,
      clock,
      receipt,
    });
  }

  start(): void {
    for (const track of AUDIO_TRACKS) {
      const hold = (stream: ByteStream): void => void this.#half.hold(track, stream);
      this.#resources.use(acceptLimited(this.#channel, AUDIO_PATHS[track], this.#clock, hold));
    }
    // Nothing listens while the end is still being told.
    this.#session.signal.addEventListener('abort', () => void this.stop(), { once: true });
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    await this.#half[Symbol.asyncDispose]();
  }
}
