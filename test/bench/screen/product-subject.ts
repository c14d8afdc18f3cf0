import { startXvfb } from '@livelet/compliance';
import type { Page } from 'playwright-core';
import type { CountingProxy } from '../../fixtures/counting-proxy.js';
import { startLocalSession } from '../../fixtures/local-session.js';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import { startBrowser } from '../../fixtures/session-pages.js';
import { STAGE } from '../../fixtures/stage-picture.js';
import { playUntilAllowed } from '../../start/people.js';
import { installPictureReader } from './picture-reader.js';
import { type LineOptions, type Subject, VIEWPORT } from './subject.js';
import { SCREEN } from './works.js';

/** The product, with what a profile of it looks at. */
export interface ProductSubject extends Subject {
  /** Between the operator and the relay. */
  readonly wire: CountingProxy;
  /** The first processes of what runs. */
  readonly roots: Readonly<Record<ProductPart, number>>;
  /** The Livelet's small window. */
  readonly panel: Page;
}

/** What is other than usual at the people's pages. */
export interface ProductOptions {
  /** More of the command line of the customer's browser. */
  readonly customerFlags?: readonly string[];
  /** Before either page loads. */
  readonly prepare?: (operator: Page, customer: Page) => Promise<void>;
}

export type ProductPart =
  | 'display server'
  | 'Livelet'
  | 'customer’s browser'
  | 'relay'
  | 'operator’s console'
  | 'operator’s browser';

/** The product as it is used: both hosts, the relay with TLS, and both people's pages in Chromium. */
export async function startProduct(
  line?: LineOptions,
  { customerFlags = [], prepare }: ProductOptions = {},
): Promise<ProductSubject> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb(SCREEN));
  const session = stack.use(
    await startLocalSession({ display: server.name, countBytes: true, ...(line && { line }) }),
  );
  const operator = stack.use(await startBrowser({ viewport: VIEWPORT }));
  const customer = stack.use(
    await startBrowser({ flags: customerFlags, viewport: { width: 560, height: 900 } }),
  );
  const reader = await installPictureReader(operator.page);
  await prepare?.(operator.page, customer.page);
  const panel = await playUntilAllowed(operator.page, customer.page, session);
  await operator.page.locator(STAGE).waitFor();
  const { proxy } = session;
  if (!proxy) throw new Error('nothing counts the bytes');
  const roots: ProductSubject['roots'] = {
    'display server': idOf(server.processId),
    Livelet: idOf(session.livelet.process.pid),
    'customer’s browser': customer.processId,
    relay: idOf(session.relay.process.pid),
    'operator’s console': idOf(session.operator.process.pid),
    'operator’s browser': operator.processId,
  };
  const used = (...parts: ProductPart[]): number =>
    parts.reduce((sum, part) => sum + cpuSeconds(roots[part]), 0);
  const owned = stack.move();
  return {
    display: server.name,
    page: operator.page,
    panel,
    canvas: STAGE,
    reader,
    wire: proxy,
    roots,
    wireBytes: () => proxy.bytes(),
    cpu: () => ({
      source: used('display server', 'Livelet', 'customer’s browser'),
      between: used('relay'),
      viewer: used('operator’s console', 'operator’s browser'),
    }),
    line: session.line,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function idOf(id: number | undefined): number {
  if (id === undefined) throw new Error('a program that didn’t start');
  return id;
}
