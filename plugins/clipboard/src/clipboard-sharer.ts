import {
  ArrivalLimit,
  asLiveletError,
  type ByteStream,
  Clock,
  type CopiedContent,
  copiedBytes,
  FileOffering,
  formatsOf,
  type GrantsView,
  OwnGrants,
  PluginChannel,
  PluginUi,
  SEND_CLIPBOARD_PATH,
  SessionInfo,
  type SessionPart,
  SharedDisplay,
  TAKE_CLIPBOARD_PATH,
} from '@livelet/core';
import { inject, injectable, optional } from 'inversify';
import { CopiedFiles } from './copied-files.js';
import { MOST_ARRIVALS, receiveCopied } from './copied-receiver.js';
import { CopiedSender } from './copied-sender.js';
import { fingerprint } from './fingerprint.js';
import { LastShown } from './last-shown.js';
import { WHAT_I_COPY_PIECE, WHAT_THEY_COPY_PIECE } from './page-protocol.js';
import { type Copied, XClipboard } from './x-selection/x-clipboard.js';

/** Shares the clipboard of the shared display, each way only while its person allows it. */
@injectable()
export class ClipboardSharer implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #grants: GrantsView;
  readonly #display: SharedDisplay;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  readonly #arrivals: ArrivalLimit;
  readonly #resources = new DisposableStack();
  readonly #copiedHere: LastShown;
  readonly #copiedThere: LastShown;
  readonly #copiedFiles: CopiedFiles;
  #clipboard: Promise<XClipboard> | undefined;
  #sending: ByteStream | undefined;
  #taking: ByteStream | undefined;
  /** By content: what the other person copied comes back from here to nobody. */
  #theirs: string | undefined;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(OwnGrants) grants: GrantsView,
    @inject(SharedDisplay) display: SharedDisplay,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(FileOffering) @optional() offering?: FileOffering,
  ) {
    this.#channel = channel;
    this.#grants = grants;
    this.#display = display;
    this.#session = session;
    this.#clock = clock;
    this.#arrivals = new ArrivalLimit(clock, MOST_ARRIVALS);
    this.#copiedHere = this.#resources.use(new LastShown(ui, WHAT_I_COPY_PIECE, clock));
    this.#copiedThere = this.#resources.use(new LastShown(ui, WHAT_THEY_COPY_PIECE, clock));
    this.#copiedFiles = this.#resources.use(new CopiedFiles(ui, grants, offering));
  }

  start(): void {
    const { signal } = this.#session;
    this.#resources.use(this.#channel.accept(SEND_CLIPBOARD_PATH, (stream) => this.#takeTheirs(stream)));
    this.#resources.use(this.#channel.accept(TAKE_CLIPBOARD_PATH, (stream) => this.#giveOurs(stream)));
    this.#resources.use(
      this.#grants.onChange(({ capability, state }) => {
        if (state === 'granted') return;
        if (capability === 'send-clipboard') void this.#takeBack();
        if (capability === 'take-clipboard') this.#copiedHere.forget();
      }),
    );
    signal.addEventListener('abort', () => void this.#close(), { once: true });
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    for (const stream of [this.#sending, this.#taking]) stream?.reset('session-ended');
    await this.#close();
  }

  /** What the operator copies; a new stream takes the place of the one before. */
  #takeTheirs(stream: ByteStream): void {
    this.#sending?.reset('cancelled');
    this.#sending = stream;
    void receiveCopied(stream, this.#arrivals, {
      take: async (content) => {
        await this.#put(content);
        this.#copiedThere.show({ formats: formatsOf(content), bytes: copiedBytes(content) });
      },
      missed: (refusal) => this.#copiedThere.show({ formats: [], bytes: 0, refusal }),
    });
  }

  async #put(content: CopiedContent): Promise<void> {
    const clipboard = await this.#open();
    this.#theirs = fingerprint(content);
    await clipboard.put(content);
    // Taken back while the display was asked.
    if (!this.#grants.isGranted('send-clipboard')) await this.#takeBack();
  }

  async #takeBack(): Promise<void> {
    this.#theirs = undefined;
    this.#copiedThere.forget();
    // One that could not be opened holds nothing.
    (await this.#clipboard?.catch(() => undefined))?.release();
  }

  /** What the customer copies. */
  #giveOurs(stream: ByteStream): void {
    this.#taking?.reset('cancelled');
    this.#taking = stream;
    this.#watch(stream).catch((error: unknown) => stream.reset(asLiveletError(error).code));
  }

  async #watch(stream: ByteStream): Promise<void> {
    const clipboard = await this.#open();
    // What was copied before it was allowed must not come as news.
    await clipboard.settled();
    const sender = new CopiedSender(stream, this.#clock);
    const before = Promise.withResolvers<Copied | undefined>();
    // Watched before it is looked at: what is copied in between is told, and compared when the look is done.
    let old: Copied | undefined;
    let seenFirst = false;
    let isThere = true;
    const tell = async (copied: Copied): Promise<void> => {
      isThere = true;
      if (!seenFirst) old = await before.promise;
      seenFirst = true;
      if (isSame(copied, old) && copied.program !== old?.program) return;
      if (copied.content && fingerprint(copied.content) === this.#theirs) return;
      // Something else lies there now: from here on the same again is a copy of its own.
      old = undefined;
      this.#theirs = undefined;
      if (copied.files && isThere) this.#copiedFiles.show(copied.files);
      void this.#give(sender, copied);
    };
    const forgetFiles = (): void => {
      isThere = false;
      this.#copiedFiles.forget();
    };
    using resources = new DisposableStack();
    resources.use(clipboard.watch(tell, forgetFiles));
    resources.defer(forgetFiles);
    void clipboard.ended.then(() => stream.reset('display-lost'));
    const running = sender.run();
    // An owner that doesn't give out what it has gives it to no later one either.
    before.resolve(await clipboard.look().catch(() => undefined));
    await sender.ready().catch(() => undefined);
    await running;
  }

  async #give(sender: CopiedSender, { content, refusal }: Copied): Promise<void> {
    try {
      if (content) {
        const outcome = await sender.send(content);
        if (outcome === 'superseded') return;
        const last = { formats: formatsOf(content), bytes: copiedBytes(content) };
        this.#copiedHere.show(outcome === 'taken' ? last : { ...last, refusal: outcome });
      } else if (refusal) {
        this.#copiedHere.show({ formats: [], bytes: 0, refusal });
        await sender.skip(refusal);
      }
    } catch {
      // The stream is over: allowed no more, or the line was lost. It isn't sent later.
    }
  }

  /** Once for the session, when it is first needed. @throws `display-unavailable`, `clipboard-unavailable` */
  async #open(): Promise<XClipboard> {
    this.#clipboard ??= this.#connect();
    return await this.#clipboard;
  }

  async #connect(): Promise<XClipboard> {
    try {
      const clipboard = await XClipboard.open(this.#display.name, this.#clock);
      // Over: the next stream connects anew.
      void clipboard.ended.then(() => {
        this.#clipboard = undefined;
      });
      return clipboard;
    } catch (error) {
      this.#clipboard = undefined;
      throw error;
    }
  }

  async #close(): Promise<void> {
    const clipboard = await this.#clipboard?.catch(() => undefined);
    clipboard?.[Symbol.dispose]();
  }
}

function isSame(one: Copied, other: Copied | undefined): boolean {
  const print = other && printOf(other);
  return print !== undefined && printOf(one) === print;
}

function printOf({ content, files }: Copied): string | undefined {
  return files ? `files ${files.paths.join('\n')}` : content && fingerprint(content);
}
