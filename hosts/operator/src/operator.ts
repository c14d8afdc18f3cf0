import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CaptureWay,
  type Clock,
  type Deployment,
  fingerprint,
  type Identity,
  KeptReceipt,
  type Locale,
  type PagePort,
  type ProxyFinder,
  type RandomSource,
  relayApi,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { ProgramLog, ReceiptFolder } from '@livelet/program';
import type { PageWindow, WindowShell } from '@livelet/window';
import { createOperatorHost } from './composition.js';
import { OperatorConsole } from './console.js';
import { CustomerNames } from './customer-names.js';
import { logProblems, logViews } from './log-console.js';
import { OperatorSettings } from './operator-settings.js';
import { linkPage } from './page-link.js';
import type { About } from './page-protocol.js';
import { RelayAccount } from './relay-account.js';

/** How long the page may be away, ms: a reload takes less, a closed window never comes back. */
const PAGE_AWAY = 5_000;
const PAGE_FOLDER = fileURLToPath(new URL('../site/', import.meta.url));

/** What an operator’s console is made of. */
export interface OperatorOptions {
  readonly deployment: Deployment;
  /** A one-time token that lets this computer in, if the relay doesn't know it yet. */
  readonly enrolmentToken?: string | undefined;
  readonly identity: Identity;
  /** As the customer sees it: at most 128 bytes of UTF-8. @default as the operator's invitation said */
  readonly name?: string | undefined;
  /** Keeps the log, what is chosen on the settings page, and what is sealed and waits to be sent. */
  readonly stateDir: string;
  /** Of this program, for its log. @default '0.0.0' */
  readonly version?: string;
  /** The page's language until the person switches it. @default the system's */
  readonly locale?: Locale | undefined;
  /** @default none: straight to the relay */
  readonly proxy?: ProxyFinder | undefined;
  /** Where the relay may stand. @default anywhere */
  readonly allowedRegions?: readonly string[] | undefined;
  /** X display that the operator can show. @default none: what the browser lets them choose */
  readonly display?: string | undefined;
  /** What takes that display's pictures. @default 'x11' */
  readonly capture?: CaptureWay | undefined;
  /** Folder that recordings go to. @default as chosen in the settings, else `Livelet` among the person's videos */
  readonly recordingsDir?: string | undefined;
  /** Opens the console's page. The caller disposes it. */
  readonly shell: WindowShell;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: RandomSource;
}

/** A console whose page is open. */
export interface RunningOperator extends AsyncDisposable {
  /** Where the page is, with its one-time token; undefined in Electron. */
  readonly address: string | undefined;
  readonly window: PageWindow;
  readonly console: OperatorConsole;
  /** Resolves when the page was there and has been away for 5 s: nobody can reach this console any more. */
  readonly closed: Promise<void>;
}

/**
 * Starts the operator's console and opens its page. Disposing it ends a running session and gives an unused code
 * back.
 * @throws LiveletError of createHostContainer and of WindowShell.open
 */
export async function runOperator(options: OperatorOptions): Promise<RunningOperator> {
  const { deployment, enrolmentToken, identity, name, proxy, allowedRegions, shell } = options;
  const { display = '', capture = 'x11' } = options;
  // A page that reloads keeps the language that was chosen in it.
  let { locale } = options;
  const { clock = systemClock, random = systemRandom, stateDir, version = '0.0.0' } = options;
  await using starting = new AsyncDisposableStack();
  const settings = starting.use(
    await OperatorSettings.load({
      ...options,
      clock,
      random,
      name: () => account.name,
      desktop: shell.desktop,
    }),
  );
  const log = starting.use(
    new ProgramLog({ stateDir, deployment, clock, proxy, program: 'operator', version, shell: shell.kind }),
  );
  const host = starting.use(
    await createOperatorHost({
      clock,
      display: { name: display, capture },
      archive: settings.chats,
      reports: log.reports,
      recordings: settings.recordings,
      desktop: shell.desktop,
    }),
  );
  starting.use(logProblems(log, host, shell));
  const api = relayApi({ deployment, identity, clock, random, proxy });
  const names = starting.use(await CustomerNames.load(stateDir));
  const account = starting.use(new RelayAccount({ api, clock, names, name, enrolmentToken }));
  const receipts = starting.use(new ReceiptFolder(join(stateDir, 'receipts')));
  const keeping = { identity, locale: locale ?? 'en', keep: receipts.put.bind(receipts) };
  const console = starting.use(
    new OperatorConsole({
      deployment,
      api,
      account,
      identity,
      host: { ...host, openSession: log.opening(host.openSession) },
      clock,
      random,
      proxy,
      allowedRegions,
      keepReceipt: (channel) => new KeptReceipt(channel, keeping),
    }),
  );
  starting.use(logViews(log, console));
  const window = starting.use(
    await shell.open({
      id: 'operator',
      folder: PAGE_FOLDER,
      plugins: new Map(host.plugins.map(({ manifest, folder }) => [manifest.id, fileURLToPath(folder)])),
      title: 'Livelet',
      width: 1280,
      height: 800,
      readsClipboard: true,
      capturesScreen: true,
      usesMicrophone: true,
      usesCamera: true,
    }),
  );
  const about: Omit<About, 'operatorName'> = {
    fingerprint: fingerprint(identity.publicKey),
    relay: new URL(deployment.relayUrl).host,
    ...(deployment.region === undefined ? {} : { region: deployment.region }),
    help: host.standing.contributions.map(({ plugin, contribution }) => ({ plugin, ...contribution })),
  };
  const closed = Promise.withResolvers<void>();
  const presence = starting.use(new PagePresence(clock, closed.resolve));
  starting.use(
    window.onPort((port) => {
      if (port.name === 'page') {
        presence.add(port);
        linkPage(port, { console, account, settings }, locale === undefined ? about : { ...about, locale });
        locale = undefined;
      } else if (!host.standing.connectPort(port) && !console.session?.connectPort(port)) {
        port.close();
      }
    }),
  );
  account.start();
  log.start();
  void settings.lookForProxy();
  const running = starting.move();
  return {
    address: window.address,
    window,
    console,
    closed: closed.promise,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Notices when the page has gone for good. */
class PagePresence implements Disposable {
  readonly #clock: Clock;
  readonly #gone: () => void;
  #open = 0;
  #timer: Disposable | undefined;

  constructor(clock: Clock, gone: () => void) {
    this.#clock = clock;
    this.#gone = gone;
  }

  add(port: PagePort): void {
    this.#timer?.[Symbol.dispose]();
    this.#open += 1;
    port.onClose(() => {
      this.#open -= 1;
      if (this.#open === 0) this.#timer = this.#clock.setTimer(PAGE_AWAY, this.#gone);
    });
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}
