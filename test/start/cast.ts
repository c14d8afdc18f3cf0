import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KNOWN_QUARTERS, startXvfb, writeKnownFilm } from '@livelet/compliance';
import type { Page } from 'playwright-core';
import { type Desktop, startDesktop } from '../fixtures/desktop.js';
import { type LocalSession, type LocalSessionOptions, startLocalSession } from '../fixtures/local-session.js';
import { drawScene, type Scene } from '../fixtures/scene.js';
import { startBrowser } from '../fixtures/session-pages.js';

/** Whatever a person does shows within this, ms. */
export const REACTION = 20_000;

/** Two people with a browser each, their programs, the relay between them, and the customer's desktop. */
export interface Cast extends AsyncDisposable {
  readonly desktop: Desktop;
  readonly session: LocalSession;
  readonly operator: Page;
  readonly customer: Page;
  /** The customer's control panel, from Allow on; before that the Livelet's page. */
  panel: Page;
  /** What plays on the desktop besides, from the step that begins it to the one that ends it. */
  film: AsyncDisposable | undefined;
  /** The operator's own screen, if they have one. */
  readonly ownScreen: Scene | undefined;
  /** An empty folder that programs on the desktop may write to; the terminal is in it. */
  readonly folder: string;
}

/** What differs between the tour's cast and a test's. */
export interface CastOptions extends Partial<LocalSessionOptions> {
  /** Of the desktop. @default 1920 x 1080 */
  readonly screen?: { readonly width: number; readonly height: number };
  /** The hosts' home is the cast's folder, so that files don't arrive among the person's own. @default false */
  readonly ownHome?: boolean;
  /** Both browsers have a microphone that beeps and a camera, and ask nobody whether they may use them. @default false */
  readonly devices?: boolean;
  /** Of a screen that the operator can show. @default they have none */
  readonly ownScreen?: { readonly width: number; readonly height: number };
}

/** What each one's camera sees: the colours of its four quarters. */
const [RED, GREEN, BLUE, WHITE] = KNOWN_QUARTERS;
export const SEEN = { customer: KNOWN_QUARTERS, operator: [BLUE, WHITE, GREEN, RED] } as const;

/**
 * For tests of something else than the picture and the question to the customer: a display of fewer pixels, and Allow
 * opens after a second.
 */
export const BRISK: CastOptions = {
  screen: { width: 1280, height: 720 },
  liveletOptions: ['--arm-seconds', '1'],
};

export async function startCast(
  tell: (line: string) => void = () => undefined,
  { screen, ownHome = false, devices = false, ownScreen, ...options }: CastOptions = {},
): Promise<Cast> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-cast-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const desktop = stack.use(await startDesktop(screen?.width, screen?.height, folder));
  tell(`Private desktop on display ${desktop.display}`);
  const own = ownScreen && stack.use(await startXvfb(ownScreen));
  const ownScene = own && stack.use(await drawScene(own.name));
  const session = stack.use(
    await startLocalSession({
      display: desktop.display,
      onStarted: tell,
      ...(own && { operatorOptions: ['--display', own.name] }),
      ...(ownHome && { environment: { HOME: folder, XDG_CONFIG_HOME: folder } }),
      ...options,
    }),
  );
  const browser = async (person: keyof typeof SEEN, width: number) =>
    startBrowser({
      viewport: { width, height: 900 },
      ...(devices && { flags: await deviceFlags(join(folder, `${person}.y4m`), SEEN[person]) }),
    });
  const operator = stack.use(await browser('operator', 1440));
  const customer = stack.use(await browser('customer', 560));
  for (const { context } of [operator, customer]) context.setDefaultTimeout(REACTION);

  const owned = stack.move();
  const cast: Cast = {
    desktop,
    session,
    operator: operator.page,
    customer: customer.page,
    panel: customer.page,
    film: undefined,
    ownScreen: ownScene,
    folder,
    [Symbol.asyncDispose]: async () => {
      await cast.film?.[Symbol.asyncDispose]();
      await owned.disposeAsync();
    },
  };
  return cast;
}

async function deviceFlags(film: string, quarters: Parameters<typeof writeKnownFilm>[1]): Promise<string[]> {
  await writeKnownFilm(film, quarters);
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ];
}
