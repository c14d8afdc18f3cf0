import {
  asLiveletError,
  Clock,
  decodeRecordingTold,
  type ErrorCode,
  encodeRecordingTold,
  type MessageStream,
  messageStream,
  PluginChannel,
  RECORDING_MESSAGE,
  RECORDING_PATH,
  type RecordingState,
  type RecordingTold,
} from '@livelet/core';
import { inject, injectable } from 'inversify';

/** How long the customer's panel has to show what was told, ms: more than a line takes to be known as lost. */
const SHOWN_DEADLINE = 30_000;

export interface PermissionListener {
  /** What the customer sees now; undefined: the line is lost, and comes back or not. */
  shown(state: RecordingState | undefined): void;
  /** There is no permission any more. */
  over(code: ErrorCode): void;
  /** The end that was told wasn't heard of, or changed nothing: the permission isn't spent by it. */
  unheard(): void;
}

/** Asks for the permission: all that a recording has of the channel. */
@injectable()
export class RecordingPermissions {
  readonly #channel: PluginChannel;
  readonly #clock: Clock;

  constructor(@inject(PluginChannel) channel: PluginChannel, @inject(Clock) clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  /** @param told what is to be shown first */
  ask(told: RecordingTold, listener: PermissionListener): RecordingPermission {
    return new RecordingPermission(this.#channel, this.#clock, told, listener);
  }
}

/** The one thing of a recording that crosses the channel: that there is one. Held while the customer allows it. */
export class RecordingPermission {
  readonly #channel: PluginChannel;
  readonly #clock: Clock;
  readonly #listener: PermissionListener;
  #told: RecordingTold;
  /** There is none any more. */
  #over = false;
  #messages: MessageStream | undefined;
  #deadline: Disposable | undefined;

  /** @param told what is to be shown first */
  constructor(channel: PluginChannel, clock: Clock, told: RecordingTold, listener: PermissionListener) {
    this.#channel = channel;
    this.#clock = clock;
    this.#told = told;
    this.#listener = listener;
    void this.#hold();
  }

  tell(told: RecordingTold): void {
    this.#told = told;
    this.#send();
  }

  /**
   * Says so at the other end, after a drop of the line too. Whoever hears it spends the grant; the listener hears only if
   * nobody did.
   * @returns false: there is none any more, and nobody hears it
   */
  end(told: RecordingTold): boolean {
    if (this.#over) return false;
    this.tell(told);
    return true;
  }

  async #hold(): Promise<void> {
    for (;;) {
      const code = await this.#holdOne();
      this.#deadline?.[Symbol.dispose]();
      this.#messages = undefined;
      if (code !== 'reconnecting') {
        this.#over = true;
        if (!this.#isEnded) this.#listener.over(code === 'deadline-exceeded' ? 'recording-not-shown' : code);
        // By what the grant became both ends know which of the two came first.
        else if (code !== 'revoked') this.#listener.unheard();
        return;
      }
      if (!this.#isEnded) this.#listener.shown(undefined);
    }
  }

  get #isEnded(): boolean {
    return this.#told.state === 'ended';
  }

  /** One stream, from its opening to its end. */
  async #holdOne(): Promise<ErrorCode> {
    try {
      const stream = await this.#channel.open(RECORDING_PATH);
      const messages = messageStream(stream, RECORDING_MESSAGE);
      this.#messages = messages;
      this.#send();
      for await (const bytes of messages) {
        const refused = this.#hear(bytes);
        // Leaving the loop would reset it too, with another code.
        if (refused !== undefined) messages.reset(refused);
      }
      return (await stream.closed) ?? 'cancelled';
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  /** @returns why it is refused */
  #hear(bytes: Uint8Array): ErrorCode | undefined {
    let told: RecordingTold;
    try {
      told = decodeRecordingTold(bytes);
    } catch (error) {
      return asLiveletError(error).code;
    }
    const { state, sound } = told;
    // What was told before that is on its way still.
    if (state !== this.#told.state || sound !== this.#told.sound || this.#isEnded) return undefined;
    this.#deadline?.[Symbol.dispose]();
    this.#listener.shown(state);
    return undefined;
  }

  #send(): void {
    const messages = this.#messages;
    if (messages === undefined) return;
    this.#deadline?.[Symbol.dispose]();
    this.#deadline = this.#clock.setTimer(SHOWN_DEADLINE, () => messages.reset('deadline-exceeded'));
    // A stream that was reset is heard of from its messages.
    messages.send(encodeRecordingTold(this.#told)).catch(() => undefined);
    if (this.#isEnded) messages.closeWrite();
  }
}
