import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  asLiveletError,
  type CaptureWay,
  type Clock,
  type Deployment,
  type Identity,
  KeptReceipt,
  LiveletError,
  type Locale,
  type ProxyFinder,
  type RandomSource,
  SessionArchive,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { ProgramLog, ReceiptFolder } from '@livelet/program';
import type { PageWindow, WindowShell } from '@livelet/window';
import { ChatOutbox } from './chat-outbox.js';
import { checkDisplay, createLiveletHost } from './composition.js';
import { Connector } from './connect.js';
import { type DisplayWatch, watchDisplay } from './display-watch.js';
import { grantable } from './grantable.js';
import { type LiveletExit, LiveletRun } from './livelet-run.js';
import { browsersOf } from './page-browsers.js';
import { PageLink } from './page-link.js';
import type { LiveletView } from './page-protocol.js';
import { within } from './within.js';

const PAGE_FOLDER = fileURLToPath(new URL('../site/', import.meta.url));
/** CSS pixels; fits a small laptop's screen. */
const WINDOW_SIZE = { width: 720, height: 860 } as const;
/** How long `done` waits for everything to close, ms. */
const CLOSE_LIMIT = 1_000;

/** What one run of the Livelet is made of. */
export interface LiveletOptions {
  readonly deployment: Deployment;
  readonly identity: Identity;
  /** As the helper sees it: at most 128 bytes of UTF-8. */
  readonly name: string;
  /** @default none: straight to the relay */
  readonly proxy?: ProxyFinder | undefined;
  /** X11 display to share; empty where there is none. */
  readonly display: string;
  /** What takes the screen's pictures. @default 'x11' */
  readonly capture?: CaptureWay;
  /** Keeps the log, and sealed reports of problems until they are sent. */
  readonly stateDir: string;
  /** Of this program, for its log. @default '0.0.0' */
  readonly version?: string;
  /** Opens the customer's page. The caller disposes it. */
  readonly shell: WindowShell;
  /** How long Allow stays closed, s. @default 5 */
  readonly armSeconds?: number;
  /** How long the receipt stays in a window of the shell's own, s. @default 60 */
  readonly receiptSeconds?: number;
  /** Language of the page until the person switches it. @default the browser's */
  readonly locale?: Locale;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: RandomSource;
}

/** A Livelet whose page is open. */
export interface RunningLivelet extends AsyncDisposable {
  /** Where the page is, with its one-time token, when a person has to open it; else undefined. */
  readonly address: string | undefined;
  readonly window: PageWindow;
  /** Process ids of the person's own browsers that show the page; undefined: not known, and no input is taken. */
  browsers(): readonly number[] | undefined;
  /** Resolves when the one run is over and nothing of it is left. Never rejects. */
  readonly done: Promise<LiveletExit>;
}

/**
 * Starts the customer's program: opens its page, leads one person through one session, and ends. Disposing it ends a
 * running session.
 * @throws LiveletError of createHostContainer and of WindowShell.open; `display-unavailable` when there is no display
 *   to share and no window of our own to say so in
 */
export async function runLivelet(options: LiveletOptions): Promise<RunningLivelet> {
  const { deployment, identity, name, shell, locale } = options;
  const { capture = 'x11', stateDir, version = '0.0.0', proxy } = options;
  const { armSeconds = 5, receiptSeconds = 60, clock = systemClock, random = systemRandom } = options;
  const shutdown = new AbortController();
  await using starting = new AsyncDisposableStack();

  const log = starting.use(
    new ProgramLog({
      stateDir,
      deployment,
      clock,
      proxy,
      program: 'livelet',
      version,
      shell: shell.kind,
      capture,
    }),
  );
  starting.use(shell.onProblem(({ code }) => log.add({ event: 'problem', where: 'window', error: code })));
  const display = await watchedDisplay(options.display, capture, clock);
  if (!(display instanceof LiveletError)) starting.use(display);
  const chats = starting.use(new ChatOutbox({ clock, proxy: options.proxy }));
  const archive = new SessionArchive({
    deployment,
    identity,
    name: () => name,
    clock,
    random,
    outbox: chats,
  });
  let window: PageWindow | undefined;
  /** In `open: false`: the browser that the person opened the page in. */
  let foreignBrowsers: readonly number[] | undefined = [];
  const host = starting.use(
    await createLiveletHost(
      clock,
      { name: options.display, capture },
      { processIds: () => foreignBrowsers && [...(window?.processIds() ?? []), ...foreignBrowsers] },
      archive,
      log.reports,
      shell.desktop,
    ),
  );
  for (const { code } of host.standing.absent.values())
    log.add({ event: 'problem', where: 'plugin', error: code });
  window = starting.use(
    await shell.open({
      id: 'livelet',
      folder: PAGE_FOLDER,
      plugins: new Map(host.plugins.map(({ manifest, folder }) => [manifest.id, fileURLToPath(folder)])),
      title: 'Livelet',
      ...WINDOW_SIZE,
      alwaysOnTop: true,
      capturesScreen: capture === 'web',
      usesMicrophone: true,
      usesCamera: true,
    }),
  );
  // Nobody has the page's address yet, so nobody could read there what is wrong.
  if (display instanceof LiveletError && window.address !== undefined) throw display;

  const facts = {
    relay: new URL(deployment.relayUrl).hostname,
    ...(deployment.region === undefined ? {} : { region: deployment.region }),
    ...(locale === undefined ? {} : { locale }),
    help: host.standing.contributions,
  };
  const link = starting.use(new PageLink(window, facts, clock));
  link.routeHelp((port) => host.standing.connectPort(port));
  starting.use(link.onShow(logView(log)));
  log.start();
  const connector = new Connector({
    deployment,
    identity,
    name,
    hello: host.hello(),
    allowed: grantable(host),
    clock,
    random,
    proxy: options.proxy,
  });
  const receipts = starting.use(new ReceiptFolder(join(stateDir, 'receipts')));
  const keeping = { identity, locale: locale ?? 'en', keep: receipts.put.bind(receipts) };
  const run = new LiveletRun({
    link,
    window,
    host: { ...host, openSession: log.opening(host.openSession) },
    connector,
    // From here on, so that a session that is refused has a receipt too.
    met: (channel) => new KeptReceipt(channel, keeping),
    chats,
    clock,
    armSeconds,
    receiptSeconds,
    displayLost: lostSignal(display),
    shutdown: shutdown.signal,
  });
  const { address } = window;
  if (address !== undefined) {
    // Known from the moment that the page is there, which is long before anything can be allowed.
    starting.use(
      link.onConnected(() => {
        foreignBrowsers = browsersOf(address);
      }),
    );
  }
  const running = starting.move();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= running.disposeAsync();
    return closing;
  };
  const going = display instanceof LiveletError ? run.unusable(display) : run.run();
  const done = going
    .catch((error: unknown): LiveletExit => ({ reason: 'ended', error: asLiveletError(error) }))
    .then(async (exit) => {
      await within(CLOSE_LIMIT, close());
      return exit;
    });
  return {
    address,
    window,
    browsers: () => foreignBrowsers,
    done,
    async [Symbol.asyncDispose]() {
      shutdown.abort();
      await done;
      // A browser that closes slowly is waited for here: its processes and files must not stay.
      await close();
    },
  };
}

/** The page asks for the screen when it is to be shown; until then there is nothing that could go. */
async function watchedDisplay(
  name: string,
  capture: CaptureWay,
  clock: Clock,
): Promise<DisplayWatch | LiveletError> {
  if (capture === 'web') return { lost: new AbortController().signal, [Symbol.dispose]: () => undefined };
  try {
    await using trying = new AsyncDisposableStack();
    const watch = trying.use(await watchDisplay(name, clock));
    await checkDisplay(name, clock);
    trying.move();
    return watch;
  } catch (error) {
    return asLiveletError(error);
  }
}

/** Which step the person is at, and why the last one failed, into the log. */
function logView(log: ProgramLog): (view: LiveletView) => void {
  let last: string | undefined;
  return (view) => {
    const error = 'error' in view ? view.error : undefined;
    const now = `${view.step} ${error}`;
    if (now === last) return;
    last = now;
    log.add({ event: 'view', view: view.step, error });
  };
}

function lostSignal(display: DisplayWatch | LiveletError): AbortSignal {
  return display instanceof LiveletError ? AbortSignal.abort(display) : display.lost;
}
