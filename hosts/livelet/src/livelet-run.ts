import {
  asLiveletError,
  type Capability,
  type Clock,
  type HostContainer,
  type HostedSession,
  type LiveletError,
  type SessionChannel,
  type SessionEnd,
} from '@livelet/core';
import type { PageWindow } from '@livelet/window';
import type { Connector } from './connect.js';
import { ConsentDesk } from './consent-desk.js';
import { grantable } from './grantable.js';
import { nextMessage } from './next-message.js';
import type { PageLink } from './page-link.js';
import type { EndCause, HelperShown, LiveletView } from './page-protocol.js';
import { receiptOf } from './receipt.js';

/**
 * How long the panel may be gone, silent or hidden, ms. The promise is that the session is over after 3 s; the rest
 * is for noticing and for saying END.
 */
const PANEL_LIMIT = 2_500;
/** What the switches say before anyone touches them. */
const ON_AT_FIRST: ReadonlySet<Capability> = new Set(['view', 'chat']);

/** Why the program's one run is over. */
export interface LiveletExit {
  /** `closed`: nobody connected. `ended`: there was a session. `unusable`: nobody could be helped here. */
  readonly reason: 'closed' | 'ended' | 'unusable';
  readonly error?: LiveletError;
}

export interface LiveletRunParts {
  readonly link: PageLink;
  readonly window: PageWindow;
  readonly host: HostContainer;
  readonly connector: Pick<Connector, 'connect'>;
  readonly clock: Clock;
  /** Before Allow can be pressed, s. */
  readonly armSeconds: number;
  /** How long the receipt stays in a window of our own, s. */
  readonly receiptSeconds: number;
  readonly displayLost: AbortSignal;
  /** The program is to close. */
  readonly shutdown: AbortSignal;
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
    if (channel) return this.#helped(channel);
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

  async #helped(channel: SessionChannel): Promise<LiveletExit> {
    const { clock } = this.#parts;
    const helper: HelperShown = { name: channel.peer.name, fingerprint: channel.peer.fingerprint };
    let startedAt: number | undefined;
    let cause: EndCause;
    const allowed = await this.#asked(channel, helper);
    if (allowed === 'refused') {
      await channel.end('refused');
      cause = 'you-refused';
    } else {
      if (allowed) {
        startedAt = clock.wallTime();
        cause = await this.#supervised(channel, helper, allowed, startedAt);
      } else {
        cause = await this.#endFor(channel);
      }
    }
    const { error } = await channel.ended;
    const receipt = receiptOf(channel.receipt, helper, startedAt, clock.wallTime());
    const shownError = cause === 'interrupted' || cause === 'failed' ? error : undefined;
    await this.#tell({ step: 'ended', cause, receipt, ...(shownError ? { error: shownError.code } : {}) });
    return { reason: 'ended', ...(shownError ? { error: shownError } : {}) };
  }

  /** Shows who wants to help. Undefined: the session ended, or has to, before there was an answer. */
  async #asked(
    channel: SessionChannel,
    helper: HelperShown,
  ): Promise<ReadonlySet<Capability> | 'refused' | undefined> {
    const { link, clock, armSeconds, host } = this.#parts;
    const switches = grantable(host).map((capability) => ({ capability, on: ON_AT_FIRST.has(capability) }));
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

  /** The session itself, with its panel in view. @returns why it ended, and it has */
  async #supervised(
    channel: SessionChannel,
    helper: HelperShown,
    allowed: ReadonlySet<Capability>,
    startedAt: number,
  ): Promise<EndCause> {
    const { link, window, host, clock } = this.#parts;
    const panelGone = new AbortController();
    using resources = new DisposableStack();
    resources.use(window.watch(PANEL_LIMIT, () => panelGone.abort()));
    let hosted: HostedSession;
    try {
      hosted = await host.openSession(channel);
    } catch {
      return this.#endFor(channel, 'failure');
    }
    await using _hosted = hosted;
    const desk = resources.use(new ConsentDesk(channel, grantable(host, hosted), clock, () => showPanel()));
    const showPanel = (): void => {
      const { switches, question } = desk;
      const pieces = hosted.contributions;
      link.show({ step: 'panel', helper, startedAt, switches, pieces, ...(question ? { question } : {}) });
    };
    resources.use(link.routePlugins((port) => hosted.connectPort(port)));
    for (const capability of allowed) desk.set(capability, true);
    desk.questionShown();
    showPanel();
    resources.use(
      link.onMessage((message) => {
        if (message.type === 'switch') desk.set(message.capability, message.on);
        if (message.type === 'answer') desk.answer(message.question, message.time);
      }),
    );
    const over = AbortSignal.any([this.#over, channel.signal, panelGone.signal]);
    const stop = await nextMessage(link, ['stop', 'close'], over);
    if (stop) {
      await channel.end('person');
      return 'you-stopped';
    }
    return this.#endFor(channel, panelGone.signal.aborted ? 'window-gone' : undefined);
  }

  /** Ends a session that nobody here ended, and tells why it ended. */
  async #endFor(channel: SessionChannel, reason?: 'window-gone' | 'failure'): Promise<EndCause> {
    const { link, displayLost } = this.#parts;
    if (channel.signal.aborted) return causeOf(await channel.ended);
    if (displayLost.aborted) {
      await channel.end('display-lost');
      return 'display-lost';
    }
    if (reason === 'window-gone' || link.gone.aborted) {
      await channel.end('window-gone');
      return 'window-gone';
    }
    await channel.end(reason ?? 'shutdown');
    return 'failed';
  }

  /** Shows the last page until it has been read. In a browser of the person's own it stays there without us. */
  async #tell(view: EndedView): Promise<void> {
    const { link, window, receiptSeconds, clock, shutdown } = this.#parts;
    const own = window.address === undefined;
    const enough = new AbortController();
    using _timer = clock.setTimer(own ? receiptSeconds * 1000 : SHOWN_LIMIT, () => enough.abort());
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

/** How long a page has to confirm that it shows the end, ms. */
const SHOWN_LIMIT = 1000;

function causeOf({ how }: SessionEnd): EndCause {
  switch (how) {
    case 'ended-here':
      return 'you-stopped';
    case 'ended-by-peer':
      return 'helper-ended';
    case 'interrupted':
      return 'interrupted';
    case 'failed':
      return 'failed';
  }
}
