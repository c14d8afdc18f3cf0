/** What a recording of a 1080p stage costs beside the drawing itself: processor, frames, bytes. */
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { portPair } from '@livelet/compliance';
import { createHostContainer, type JsonValue, systemClock } from '@livelet/core';
import { connectedSessions } from '@livelet/core/test-support';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import { root } from '../../fixtures/program.js';
import { startBrowser } from '../../fixtures/session-pages.js';
import { type Figure, machine, table } from '../figure.js';
import { serveDrawingPage } from './drawing-page.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const SECONDS = Number(values.seconds);
/** Share of one core, and frames a second. */
const MOST = 0.5;
const FRAMES = 15;

await using stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'livelet-bench-recording-'));
stack.defer(async () => await rm(folder, { recursive: true, force: true }));
// Recordings go among this person's videos.
process.env.HOME = folder;
process.env.XDG_CONFIG_HOME = folder;
const plugin = pathToFileURL(`${join(root, 'plugins/recording')}/`);
const open = async (role: string) =>
  stack.use(await createHostContainer({ clock: systemClock, plugins: [{ folder: plugin, role }] }));
const [recorder, recorded] = [await open('recorder'), await open('recorded')];
const pair = await connectedSessions({
  operator: { hello: recorder.hello() },
  customer: { hello: recorded.hello() },
});
const customer = stack.use(await recorded.openSession(pair.customer));
const operator = stack.use(await recorder.openSession(pair.operator));
const [menu, picture, panel] = ['record', 'picture', 'recorded'].map((piece) =>
  portPair(`plugin:livelet.recording:${piece}`),
) as [ReturnType<typeof portPair>, ReturnType<typeof portPair>, ReturnType<typeof portPair>];
operator.connectPort(menu.host);
operator.connectPort(picture.host);
customer.connectPort(panel.host);
panel.page.onMessage(({ json }) =>
  panel.page.post({ json: { shown: (json as { readonly number: number }).number } }),
);

interface MenuState {
  readonly phase: string;
  readonly last?: { readonly path?: string; readonly error?: string };
}
let state: MenuState = { phase: 'idle' };
const changes = new EventEmitter();
menu.page.onMessage(({ json }) => {
  state = json as unknown as MenuState;
  changes.emit('changed');
});
const say = (command: object): void => menu.page.post({ json: command as JsonValue });
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await once(changes, 'changed');
};

const page = stack.use(await serveDrawingPage(picture.page));
const browser = stack.use(await startBrowser({ viewport: { width: 1280, height: 800 } }));
await browser.page.goto(page.address);
await browser.page.evaluate(
  'new Promise((ready) => { const look = () => (globalThis.mounted ? ready() : setTimeout(look, 20)); look(); })',
);
pair.customer.ownGrants.grant('record');

/** Of the browser with all its processes, and of this one, which writes the file: seconds of processor. */
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return cpuSeconds(browser.processId) + (user + system) / 1e6;
};

async function share(): Promise<{ readonly cores: number; readonly frames: number; readonly bytes: number }> {
  const [before, at] = [used(), performance.now()];
  const { frames, bytes } = page.counted;
  await pause(SECONDS * 1000);
  const seconds = (performance.now() - at) / 1000;
  return {
    cores: (used() - before) / seconds,
    frames: (page.counted.frames - frames) / seconds,
    bytes: (page.counted.bytes - bytes) / seconds,
  };
}

const figures: Figure[] = [];
for (const [name, what, moves] of [
  ['scrolling', 'a page of text that scrolls', true],
  ['film', 'every pixel moves', true],
  ['still', 'a cursor blinks', false],
] as const) {
  await browser.page.evaluate(`draw('${name}')`);
  await pause(1_000);
  const without = await share();
  say({ type: 'start', sound: false });
  await until(() => state.phase === 'recording');
  await pause(2_000);
  const recording = await share();
  say({ type: 'stop' });
  await until(() => state.last !== undefined && state.phase === 'idle');
  const { path = '', error } = state.last ?? {};
  if (error !== undefined) throw new Error(error);
  const cost = recording.cores - without.cores;
  figures.push({
    what: `1080p, ${what}: processor beside the drawing itself (${without.cores.toFixed(2)} cores)`,
    measured: `${cost.toFixed(2)} cores, ${recording.frames.toFixed(1)} frames/s, ${(recording.bytes / 1000).toFixed(0)} kB/s`,
    aim: `<= ${MOST} cores${moves ? ` at ${FRAMES} frames/s` : ''}`,
    reached: cost <= MOST && (!moves || recording.frames >= FRAMES - 1),
  });
  console.error(`${name}: ${((await stat(path)).size / 1e6).toFixed(1)} MB`);
}
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}`);
await pair.customer.end('person');
