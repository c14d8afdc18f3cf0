import { startXvfb } from '@livelet/compliance';
import { startLocalSession } from '../../fixtures/local-session.js';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import { startBrowser } from '../../fixtures/session-pages.js';
import { STAGE } from '../../fixtures/stage-picture.js';
import { playUntilAllowed } from '../../start/people.js';
import { installPictureReader } from './picture-reader.js';
import { type LineOptions, type Subject, VIEWPORT } from './subject.js';
import { SCREEN } from './works.js';

/** The product as it is used: both hosts, the relay with TLS, and both people's pages in Chromium. */
export async function startProduct(line?: LineOptions): Promise<Subject> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb(SCREEN));
  const session = stack.use(
    await startLocalSession({ display: server.name, countBytes: true, ...(line && { line }) }),
  );
  const operator = stack.use(await startBrowser({ viewport: VIEWPORT }));
  const customer = stack.use(await startBrowser({ viewport: { width: 560, height: 900 } }));
  const reader = await installPictureReader(operator.page);
  await playUntilAllowed(operator.page, customer.page, session);
  await operator.page.locator(STAGE).waitFor();
  const used = (id: number | undefined): number => cpuSeconds(id ?? 0);
  const owned = stack.move();
  return {
    display: server.name,
    page: operator.page,
    canvas: STAGE,
    reader,
    wireBytes: () => session.proxy?.bytes() ?? 0,
    cpu: () => ({
      source: used(server.processId) + used(session.livelet.process.pid) + used(customer.processId),
      between: used(session.relay.process.pid),
      viewer: used(session.operator.process.pid) + used(operator.processId),
    }),
    line: session.line,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
