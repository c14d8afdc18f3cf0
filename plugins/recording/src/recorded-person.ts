import {
  ArrivalLimit,
  asLiveletError,
  type ByteStream,
  Clock,
  decodeRecordingTold,
  type ErrorCode,
  encodeRecordingTold,
  LiveletError,
  type MessageStream,
  messageStream,
  OwnGrants,
  type PagePort,
  PluginChannel,
  PluginUi,
  type PortMessage,
  RECORDING_MESSAGE,
  RECORDING_PATH,
  ReceiptNotes,
  type RecordingTold,
  recordedNote,
  type ServedGrants,
  SessionInfo,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { RECORDED_PIECE, type RecordedShown, type RecordedToPage } from './page-protocol.js';

/** More often than anybody presses pause: changes in 10 s. */
const MOST_CHANGES = 20;
/** How long the panel has to show that it is recorded, ms. */
const SHOWN_DEADLINE = 20_000;

/** The one who is looked at: agrees to a recording only once their panel shows that there is one. */
@injectable()
export class RecordedPerson implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: ServedGrants;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  readonly #notes: ReceiptNotes;
  readonly #arrivals: ArrivalLimit;
  readonly #resources = new DisposableStack();
  readonly #ports = new Set<PagePort>();
  readonly #waiting = new Map<number, () => void>();
  #stream: ByteStream | undefined;
  #told: RecordingTold | undefined;
  /** It is in the receipt. */
  #began = false;
  /** Not paused, as the receipt has it. */
  #runs = false;
  #number = 0;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(OwnGrants) grants: ServedGrants,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) notes: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    this.#session = session;
    this.#clock = clock;
    this.#notes = notes;
    this.#arrivals = new ArrivalLimit(clock, MOST_CHANGES);
  }

  start(): void {
    this.#resources.use(this.#channel.accept(RECORDING_PATH, (stream) => void this.#follow(stream)));
    this.#resources.use(this.#ui.onPort(RECORDED_PIECE, (port) => this.#serve(port)));
    this.#resources.use(
      this.#grants.onChange(({ capability, state }) => {
        if (capability !== 'record') return;
        if (state === 'denied') this.#notes.add(recordedNote({ step: 'refused', sound: false }));
        // The stream is gone already; its end is heard of later, when the receipt may be closed.
        else if (state !== 'granted') this.#end();
      }),
    );
    this.#resources.use(
      this.#notes.onClosing((closing) => {
        if (closing === 'now') this.#end();
        return undefined;
      }),
    );
  }

  stop(): void {
    this.#resources.dispose();
    this.#stream?.reset('session-ended');
    for (const port of this.#ports) port.close();
  }

  /** A new stream takes the place of the one before. */
  async #follow(stream: ByteStream): Promise<void> {
    this.#stream?.reset('cancelled');
    this.#stream = stream;
    const messages = messageStream(stream, RECORDING_MESSAGE);
    try {
      for await (const bytes of messages) {
        const refused = await this.#answer(messages, bytes);
        // Leaving the loop would reset it too, with another code.
        if (refused !== undefined) messages.reset(refused);
      }
      messages.closeWrite();
    } catch {
      // Heard of from the stream.
    }
    const code = await stream.closed;
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    // Times without a line stand in the receipt by themselves.
    if (code === 'reconnecting') this.#showPaused();
    else this.#spend();
  }

  /** @returns why it is refused */
  async #answer(messages: MessageStream, bytes: Uint8Array): Promise<ErrorCode | undefined> {
    try {
      this.#arrivals.check();
      const told = decodeRecordingTold(bytes);
      await this.#change(told);
      await messages.send(encodeRecordingTold(told));
      return undefined;
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  /** Resolves once the person can see it. @throws `deadline-exceeded` */
  async #change(told: RecordingTold): Promise<void> {
    if (told.state === 'ended') {
      this.#spend(told.seconds);
      return;
    }
    if (told.state === 'paused') {
      if (this.#told === undefined) return;
      this.#told = told;
      if (this.#runs) this.#note('paused', told.sound);
      this.#runs = false;
      this.#tellAll();
      return;
    }
    this.#told = told;
    await this.#show();
    // Taken back, or the line was lost, while the panel was asked.
    if (this.#told !== told) throw new LiveletError('cancelled');
    if (this.#runs) return;
    this.#note(this.#began ? 'resumed' : 'began', told.sound);
    this.#began = true;
    this.#runs = true;
  }

  #showPaused(): void {
    if (this.#told === undefined) return;
    this.#told = { ...this.#told, state: 'paused' };
    this.#tellAll();
  }

  /**
   * The grant was for one recording: nobody finds it allowed still, long after. What became of it tells the recorder
   * which came first, what it told or that it was taken back.
   */
  #spend(seconds?: number): void {
    const isUsed = this.#began;
    this.#end(seconds);
    if (isUsed) this.#grants.spend('record');
  }

  /** @param seconds as the recorder tells it; what is counted at each end differs, and isn't noted */
  #end(seconds?: number): void {
    const told = this.#told;
    if (told === undefined) return;
    this.#told = undefined;
    if (this.#began)
      this.#notes.add(
        recordedNote({ step: 'ended', sound: told.sound, ...(seconds !== undefined && { seconds }) }),
      );
    this.#began = false;
    this.#runs = false;
    this.#tellAll();
  }

  #note(step: 'began' | 'paused' | 'resumed', sound: boolean): void {
    this.#notes.add(recordedNote({ step, sound }));
  }

  async #show(): Promise<void> {
    this.#tellAll();
    const number = this.#number;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    using _ = this.#clock.setTimer(SHOWN_DEADLINE, () =>
      reject(new LiveletError('deadline-exceeded', 'the panel doesn’t show it')),
    );
    this.#waiting.set(number, resolve);
    try {
      await promise;
    } finally {
      this.#waiting.delete(number);
    }
  }

  #serve(port: PagePort): void {
    this.#ports.add(port);
    port.onMessage(({ json }) => {
      const { shown } = json as unknown as RecordedShown;
      for (const [number, resolve] of this.#waiting) if (number <= shown) resolve();
    });
    port.onClose(() => this.#ports.delete(port));
    this.#tell(port);
  }

  #tellAll(): void {
    this.#number += 1;
    for (const port of this.#ports) this.#tell(port);
  }

  #tell(port: PagePort): void {
    const { state = 'ended', sound = false } = this.#told ?? {};
    const message: RecordedToPage = {
      number: this.#number,
      state: state === 'ended' ? 'off' : state,
      sound,
      helper: this.#session.peer.name,
    };
    port.post({ json: message as unknown as PortMessage['json'] });
  }
}
