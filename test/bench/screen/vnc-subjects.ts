import { spawn } from 'node:child_process';
import { startXvfb } from '@livelet/compliance';
import { freePort } from '@livelet/core/test-support';
import { startCountingProxy } from '../../fixtures/counting-proxy.js';
import { listens } from '../../fixtures/listens.js';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import { follow, type Program } from '../../fixtures/program.js';
import { startBrowser } from '../../fixtures/session-pages.js';
import { slowLine } from '../../fixtures/slow-line.js';
import { installPictureReader } from './picture-reader.js';
import { type LineOptions, type Subject, VIEWPORT } from './subject.js';
import { SCREEN } from './works.js';

const NOVNC = '/usr/share/novnc';
const CANVAS = '#noVNC_container canvas';
/** A display and what offers it by RFB at a port. */
interface RfbServer extends AsyncDisposable {
  readonly display: string;
  readonly port: number;
  readonly processIds: readonly number[];
}

/** TigerVNC's Xvnc, websockify and noVNC, all with their defaults but for the password. */
export const startXvnc = (line?: LineOptions): Promise<Subject> => startNoVnc(xvnc, line);

/** Xvfb with x11vnc, websockify and noVNC, all with their defaults but for the password. */
export const startX11vnc = (line?: LineOptions): Promise<Subject> => startNoVnc(x11vnc, line);

async function xvnc(): Promise<RfbServer> {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const words = [
    ...['-displayfd', '1', '-geometry', `${SCREEN.width}x${SCREEN.height}`, '-depth', '24', '-noreset'],
    ...['-nolisten', 'tcp', '-localhost', '-SecurityTypes', 'None', '-rfbport', String(port)],
  ];
  const server = stack.use(start('Xtigervnc', words));
  const number = await server.says(/^(\d+)$/m);
  await listens(server, port);
  const owned = stack.move();
  return {
    display: `:${number}`,
    port,
    processIds: [server.process.pid ?? 0],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function x11vnc(): Promise<RfbServer> {
  await using stack = new AsyncDisposableStack();
  const display = stack.use(await startXvfb(SCREEN));
  const port = await freePort();
  const words = [
    ...['-display', display.name, '-localhost', '-nopw', '-forever'],
    ...['-rfbport', String(port), '-norc', '-no6'],
  ];
  const server = stack.use(start('x11vnc', words));
  await listens(server, port);
  const owned = stack.move();
  return {
    display: display.name,
    port,
    processIds: [display.processId, server.process.pid ?? 0],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startNoVnc(offer: () => Promise<RfbServer>, line?: LineOptions): Promise<Subject> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await offer());
  const port = await freePort();
  const between = stack.use(
    start('websockify', ['--web', NOVNC, `127.0.0.1:${port}`, `127.0.0.1:${server.port}`]),
  );
  await listens(between, port);
  const slow = line && stack.use(await slowLine({ ...line, target: port }));
  const counted = stack.use(await startCountingProxy(slow?.port ?? port));
  const viewer = stack.use(await startBrowser({ viewport: VIEWPORT }));
  const reader = await installPictureReader(viewer.page);
  await viewer.page.goto(`http://127.0.0.1:${counted.port}/vnc.html?autoconnect=true&resize=off`);
  await viewer.page.locator('html.noVNC_connected').waitFor({ state: 'attached' });
  await viewer.page.locator(CANVAS).waitFor();
  const owned = stack.move();
  return {
    display: server.display,
    page: viewer.page,
    canvas: CANVAS,
    reader,
    wireBytes: () => counted.bytes(),
    cpu: () => ({
      source: server.processIds.reduce((sum, id) => sum + cpuSeconds(id), 0),
      between: cpuSeconds(between.process.pid ?? 0),
      viewer: cpuSeconds(viewer.processId),
    }),
    line: slow,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const start = (command: string, words: readonly string[]): Program =>
  follow(spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] }), command);
