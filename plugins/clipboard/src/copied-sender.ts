import {
  type ByteStream,
  type ClipboardMessage,
  type ClipboardRefusal,
  type Clock,
  type CopiedContent,
  type CopiedLengths,
  decodeClipboardAnswer,
  encodeClipboard,
  formatsOf,
  LiveletError,
  MAX_CLIPBOARD_CHUNK,
  MAX_CLIPBOARD_MESSAGE,
  type MessageStream,
  messageStream,
} from '@livelet/core';

/** How long the other end has to take one piece, and to answer in the end, ms. */
const DEADLINE = 30_000;

/** `superseded`: something newer was copied meanwhile, and nothing of this one arrives. */
export type SendOutcome = 'taken' | 'superseded' | ClipboardRefusal;

/** Sends what was copied over one stream, the newest only: what is under way gives way to it. */
export class CopiedSender {
  readonly #stream: ByteStream;
  readonly #messages: MessageStream;
  readonly #clock: Clock;
  readonly #answers = new Map<number, (refused: ClipboardRefusal | undefined) => void>();
  /** Grows with each thing: what it was at its begin says whether one is the newest. */
  #newest = 0;
  #sending: Promise<unknown> = Promise.resolve();
  /** Lets go of what waits for its turn. */
  #giveWay: (() => void) | undefined;

  constructor(stream: ByteStream, clock: Clock) {
    this.#stream = stream;
    this.#messages = messageStream(stream, MAX_CLIPBOARD_MESSAGE);
    this.#clock = clock;
  }

  /** Reads answers until the stream ends. Never rejects. */
  async run(): Promise<void> {
    try {
      for await (const bytes of this.#messages) this.#answer(bytes);
    } catch {
      // The stream's end; whoever holds it knows why.
    }
  }

  /** @throws the code that the stream was reset with, `deadline-exceeded` */
  async send(content: CopiedContent): Promise<SendOutcome> {
    this.#newest += 1;
    const id = this.#newest;
    // However many are copied while one is on its way, only the newest is held in memory.
    this.#giveWay?.();
    const waits: { content?: CopiedContent } = { content };
    const gone = Promise.withResolvers<SendOutcome>();
    this.#giveWay = () => {
      delete waits.content;
      gone.resolve('superseded');
    };
    const turn = this.#sending
      .catch(() => undefined)
      .then(async (): Promise<SendOutcome> => {
        if (waits.content === undefined) return 'superseded';
        this.#giveWay = undefined;
        return await this.#send(id, waits.content);
      });
    this.#sending = turn;
    return await Promise.race([gone.promise, turn]);
  }

  /** Tells that what is copied from now on comes. */
  async ready(): Promise<void> {
    await this.#write({ type: 'ready' });
  }

  /** Tells that something was copied that isn't sent. */
  async skip(reason: ClipboardRefusal): Promise<void> {
    this.#newest += 1;
    this.#giveWay?.();
    await this.#sending.catch(() => undefined);
    await this.#write({ type: 'skipped', reason });
  }

  async #send(id: number, content: CopiedContent): Promise<SendOutcome> {
    if (id !== this.#newest) return 'superseded';
    const lengths: { -readonly [F in keyof CopiedLengths]: number } = {};
    for (const format of formatsOf(content)) lengths[format] = content[format]?.length ?? 0;
    await this.#write({ type: 'begin', id, lengths });
    for (const format of formatsOf(content)) {
      const bytes = content[format] ?? new Uint8Array();
      for (let at = 0; at < bytes.length; at += MAX_CLIPBOARD_CHUNK) {
        if (id !== this.#newest) {
          await this.#write({ type: 'cancel' });
          return 'superseded';
        }
        await this.#write({ type: 'data', bytes: bytes.subarray(at, at + MAX_CLIPBOARD_CHUNK) });
      }
    }
    return await this.#outcome(id);
  }

  async #outcome(id: number): Promise<SendOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<SendOutcome>();
    this.#answers.set(id, (refused) => resolve(refused ?? 'taken'));
    using _ = this.#clock.setTimer(DEADLINE, () => this.#stream.reset('deadline-exceeded'));
    void this.#stream.closed.then((code) => reject(new LiveletError(code ?? 'cancelled')));
    try {
      return await promise;
    } finally {
      this.#answers.delete(id);
    }
  }

  #answer(bytes: Uint8Array): void {
    try {
      const { id, refused } = decodeClipboardAnswer(bytes);
      const answered = this.#answers.get(id);
      if (answered === undefined) throw new LiveletError('clipboard-malformed', 'nobody asked');
      answered(refused);
    } catch (error) {
      this.#stream.reset('clipboard-malformed');
      throw error;
    }
  }

  async #write(message: ClipboardMessage): Promise<void> {
    using _ = this.#clock.setTimer(DEADLINE, () => this.#stream.reset('deadline-exceeded'));
    await this.#messages.send(encodeClipboard(message));
  }
}
