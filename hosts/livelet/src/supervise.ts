import type {
  Capability,
  Clock,
  EndReason,
  HostContainer,
  HostedSession,
  SessionChannel,
  SessionEnd,
} from '@livelet/core';
import type { PageWindow } from '@livelet/window';
import { ConsentDesk } from './consent-desk.js';
import { grantable } from './grantable.js';
import { nextMessage } from './next-message.js';
import type { PageLink } from './page-link.js';
import type { EndCause, HelperShown, SwitchShown } from './page-protocol.js';
import { within } from './within.js';

/**
 * How long the panel may be gone, silent or hidden, ms. The promise is that the session is over after 3 s; the rest
 * is for noticing and for saying END.
 */
const PANEL_LIMIT = 2_500;
/** How long the plugins have to stop, ms, before nobody waits for them any more: the session is over anyway. */
const STOP_LIMIT = 1_000;

export interface SuperviseParts {
  readonly link: PageLink;
  readonly window: PageWindow;
  readonly host: HostContainer;
  readonly clock: Clock;
  readonly displayLost: AbortSignal;
  readonly shutdown: AbortSignal;
}

export interface AllowedSession {
  readonly channel: SessionChannel;
  readonly helper: HelperShown;
  readonly capabilities: ReadonlySet<Capability>;
}

/** Holds an allowed session, its panel in view, until it is over. @returns why it ended */
export async function supervise(parts: SuperviseParts, session: AllowedSession): Promise<EndCause> {
  const { link, window, host, shutdown, displayLost } = parts;
  const { channel } = session;
  const panelGone = new AbortController();
  using _watching = window.watch(PANEL_LIMIT, () => panelGone.abort());
  using panel = new DisposableStack();
  const over = AbortSignal.any([link.gone, shutdown, displayLost, channel.signal, panelGone.signal]);
  // The way out is open before any plugin has started, and waits for none.
  const ending = nextMessage(link, ['stop', 'refuse', 'close'], over).then((stop) => {
    panel.dispose();
    if (stop) return endBecause(channel, 'person', 'you-stopped');
    return endSession(parts, channel, panelGone.signal.aborted);
  });
  let hosted: HostedSession;
  try {
    hosted = await host.openSession(channel);
  } catch {
    panel.dispose();
    return endBecause(channel, 'failure', 'failed');
  }
  if (!over.aborted && !panel.disposed) showPanel(parts, session, hosted, panel);
  const cause = await ending;
  await within(STOP_LIMIT, hosted[Symbol.asyncDispose]());
  return cause;
}

/** Grants what was allowed and keeps the panel up to date until `resources` are disposed. */
function showPanel(
  { link, host, clock }: SuperviseParts,
  { channel, helper, capabilities }: AllowedSession,
  hosted: HostedSession,
  resources: DisposableStack,
): void {
  const marked = (shown: SwitchShown): SwitchShown =>
    shown.on && hosted.heldBack.has(shown.capability) ? { ...shown, heldBack: true } : shown;
  const show = (): void => {
    const { question } = desk;
    const { connection } = channel;
    link.show({
      step: 'panel',
      helper,
      startedAt: channel.startedAt,
      switches: desk.switches.map(marked),
      pieces: hosted.contributions,
      ...(question ? { question } : {}),
      ...(connection.state === 'reconnecting' ? { reconnectingUntil: connection.until } : {}),
    });
  };
  const available = grantable(host, hosted);
  for (const capability of available) {
    if (capabilities.has(capability)) channel.ownGrants.grant(capability);
  }
  const desk = resources.use(new ConsentDesk(channel, available, clock, show));
  resources.use(hosted.heldBack.onChange(show));
  resources.use(channel.onConnection(show));
  resources.use(link.routePlugins((port) => hosted.connectPort(port)));
  show();
  resources.use(
    link.onMessage((message) => {
      if (message.type === 'switch') desk.set(message.capability, message.on);
      if (message.type === 'answer') desk.answer(message.question, message.time);
    }),
  );
}

/** Ends a session that the person didn't end, unless it has ended by itself. @returns why */
export async function endSession(
  { link, displayLost }: SuperviseParts,
  channel: SessionChannel,
  panelGone = false,
): Promise<EndCause> {
  if (channel.signal.aborted) return causeOf(await channel.ended);
  if (displayLost.aborted) return endBecause(channel, 'display-lost', 'display-lost');
  if (panelGone || link.gone.aborted) return endBecause(channel, 'window-gone', 'window-gone');
  return endBecause(channel, 'shutdown', 'failed');
}

async function endBecause(channel: SessionChannel, reason: EndReason, cause: EndCause): Promise<EndCause> {
  const ended = channel.end(reason);
  // Nobody can hear it: what is over here is over, and END follows by itself if the peer can be found soon.
  if (channel.connection.state === 'connected') await ended;
  return cause;
}

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
