import { asLiveletError, type Capability, LiveletError, type SessionChannel } from '@livelet/core';
import type { ChatOutbox } from './chat-outbox.js';
import type { Connector } from './connect.js';
import { grantable } from './grantable.js';
import { nextMessage } from './next-message.js';
import type { EndCause, HelperShown, LiveletView } from './page-protocol.js';
import { receiptOf } from './receipt.js';
import { endSession, type SuperviseParts, supervise } from './supervise.js';

/** What the switches say before anyone touches them. The panel has the others: who starts is to read little. */
const AT_FIRST: ReadonlyMap<Capability, boolean> = new Map([
  ['view', true],
  ['control', false],
  ['chat', true],
]);

/** How long what is left of a kept chat may take to arrive where it is kept, s. */
const HAND_IN_SECONDS = 5;
/** How long a page has to confirm that it shows the end, ms. */
const SHOWN_LIMIT = 1000;

/** How long a person may have something open over the end, such as a report of a problem, s. */
const READING_SECONDS = 15 * 60;

/** Characters of a signed receipt that the page gets. */
const MAX_SIGNED = 1024 * 1024;

/** Why the program's one run is over. */
export interface LiveletExit {
  /** `closed`: nobody connected. `ended`: there was a session. `unusable`: nobody could be helped here. */
  readonly reason: 'closed' | 'ended' | 'unusable';
  readonly error?: LiveletError;
}

export interface LiveletRunParts extends SuperviseParts {
  readonly connector: Pick<Connector, 'connect'>;
  /** Hears of a session before anyone is asked anything. Returns what is signed when that is over. */
  readonly met: (channel: SessionChannel) => { readonly json: string | undefined };
  readonly chats: Pick<ChatOutbox, 'waitsFor' | 'handedIn' | 'finish'>;
  /** Before Allow can be pressed, s. */
  readonly armSeconds: number;
  /** How long the receipt stays in a window of our own, s. */
  readonly receiptSeconds: number;
}

type EndedView = Extract<LiveletView, { step: 'ended' | 'unusable' }>;

/** One run of the program, from the code to the receipt: the steps that the person goes through, in order. */
export class LiveletRun {
  readonly #parts: LiveletRunParts;
  /** Aborted when there is nobody or nothing left to help. */
  readonly #over: AbortSignal;

  constructor(parts: LiveletRunParts) {
    this.#parts = parts;
    this.#over = AbortSignal.any([parts.link.gone, parts.shutdown, parts.displayLost]);
  }

  async run(): Promise<LiveletExit> {
    const channel = await this.#connected();
    if (channel) {
      const kept = this.#parts.met(channel);
      try {
        return await this.#helped(channel, kept);
      } finally {
        // Whatever went wrong here, no session goes on without its panel.
        await channel.end('failure');
      }
    }
    if (!this.#parts.displayLost.aborted) return { reason: 'closed' };
    return this.unusable(asLiveletError(this.#parts.displayLost.reason, 'display-lost'));
  }

  /** Tells the person why nobody can be helped here, and waits until that has been read. */
  async unusable(error: LiveletError): Promise<LiveletExit> {
    await this.#tell({ step: 'unusable', error: error.code });
    return { reason: 'unusable', error };
  }

  /** Asks for a code until one leads to a helper. Undefined: the program is to close. */
  async #connected(): Promise<SessionChannel | undefined> {
    const { link, connector } = this.#parts;
    let view: LiveletView = { step: 'code' };
    for (;;) {
      link.show(view);
      const message = await nextMessage(link, ['code', 'close'], this.#over);
      if (message?.type !== 'code') return undefined;
      link.show({ step: 'connecting' });
      const cancelled = new AbortController();
      using _cancel = link.onMessage(({ type }) => type === 'cancel' && cancelled.abort());
      try {
        return await connector.connect(message.code, AbortSignal.any([this.#over, cancelled.signal]));
      } catch (error) {
        if (this.#over.aborted) return undefined;
        view = cancelled.signal.aborted
          ? { step: 'code' }
          : { step: 'code', error: asLiveletError(error).code };
      }
    }
  }

  async #helped(channel: SessionChannel, kept: ReturnType<LiveletRunParts['met']>): Promise<LiveletExit> {
    const { clock } = this.#parts;
    const helper: HelperShown = { name: channel.peer.name, fingerprint: channel.peer.fingerprint };
    const capabilities = await this.#asked(channel, helper);
    let startedAt: number | undefined;
    let cause: EndCause;
    if (capabilities === 'refused') {
      await channel.end('refused');
      cause = 'you-refused';
    } else if (capabilities) {
      // As the helper's receipt counts, though it took the person a moment to allow anything.
      startedAt = channel.startedAt;
      cause = await supervise(this.#parts, { channel, helper, capabilities });
    } else {
      cause = await endSession(this.#parts, channel);
    }
    await this.#handInChat(cause);
    const { handedIn } = this.#parts.chats;
    const receipt = receiptOf(channel.receipt, helper, startedAt, clock.wallTime(), handedIn, channel.agreed);
    const error = await errorOf(cause, channel);
    const signed = kept.json !== undefined && kept.json.length <= MAX_SIGNED ? { signed: kept.json } : {};
    await this.#tell({ step: 'ended', cause, receipt, ...signed, ...(error ? { error: error.code } : {}) });
    return { reason: 'ended', ...(error ? { error } : {}) };
  }

  /** Shows who wants to help. Undefined: the session ended, or has to, before there was an answer. */
  async #asked(
    channel: SessionChannel,
    helper: HelperShown,
  ): Promise<ReadonlySet<Capability> | 'refused' | undefined> {
    const { link, clock, armSeconds, host } = this.#parts;
    const switches = grantable(host).flatMap((capability) => {
      const on = AT_FIRST.get(capability);
      return on === undefined ? [] : [{ capability, on }];
    });
    link.show({ step: 'who', helper, words: channel.sasWords, switches, armSeconds });
    const shownAt = clock.now();
    const over = AbortSignal.any([this.#over, channel.signal]);
    for (;;) {
      const message = await nextMessage(link, ['allow', 'refuse', 'stop', 'close'], over);
      if (message === undefined) return undefined;
      if (message.type !== 'allow') return 'refused';
      // The page counts too; this holds whatever the page does.
      if (clock.now() - shownAt >= armSeconds * 1000) return new Set(message.capabilities);
    }
  }

  /** Nothing of the session outlives it: what has not arrived in this time, or when the person closes, is lost. */
  async #handInChat(cause: EndCause): Promise<void> {
    const { link, chats, clock, shutdown } = this.#parts;
    const by = chats.waitsFor;
    if (by === undefined) return;
    const enough = new AbortController();
    using _timer = clock.setTimer(HAND_IN_SECONDS * 1000, () => enough.abort());
    using _close = link.onMessage(({ type }) => type === 'close' && enough.abort());
    if (cause === 'window-gone') enough.abort();
    else link.show({ step: 'keeping', cause, by, seconds: HAND_IN_SECONDS });
    await chats.finish(AbortSignal.any([link.gone, shutdown, enough.signal]));
  }

  /** Shows the last page until it has been read. In a browser of the person's own it stays there without us. */
  async #tell(view: EndedView): Promise<void> {
    const { link, window, receiptSeconds, clock, shutdown } = this.#parts;
    const own = window.address === undefined;
    const enough = new AbortController();
    const limit = own ? receiptSeconds * 1000 : SHOWN_LIMIT;
    const startTimer = (reading: boolean): Disposable =>
      clock.setTimer(reading ? READING_SECONDS * 1000 : limit, () => enough.abort());
    let timer = startTimer(link.reading);
    using _timer = { [Symbol.dispose]: () => timer[Symbol.dispose]() };
    using _reading = link.onMessage((message) => {
      if (message.type !== 'reading') return;
      timer[Symbol.dispose]();
      timer = startTimer(message.reading);
    });
    link.show(own ? { ...view, closesIn: receiptSeconds } : view);
    // A window of our own that was out of sight or silent goes with the program.
    if (own && view.step === 'ended' && view.cause === 'window-gone') return;
    await nextMessage(
      link,
      own ? ['close'] : ['shown'],
      AbortSignal.any([link.gone, shutdown, enough.signal]),
    );
  }
}

/** What the program has to report of an end; undefined for the ends that people chose. */
async function errorOf(cause: EndCause, channel: SessionChannel): Promise<LiveletError | undefined> {
  switch (cause) {
    case 'interrupted':
    case 'failed':
      return (await channel.ended).error;
    case 'display-lost':
    case 'window-gone':
      return new LiveletError(cause);
    default:
      return undefined;
  }
}
