/**
 * Sound through a whole session on this machine, relay included: from the customer's microphone to the operator's
 * loudspeaker, both PulseAudio's, at rest and while a film plays on the shared screen; and what is left out of a tone.
 *
 * --seconds of the tone, default 30; --long: 10 min.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Pulse, silence, startPulse, tone } from '@livelet/compliance';
import type { Page } from 'playwright-core';
import { startDesktop } from '../../fixtures/desktop.js';
import { startLocalSession } from '../../fixtures/local-session.js';
import { startBrowser } from '../../fixtures/session-pages.js';
import { playUntilAllowed } from '../../start/people.js';
import { type Figure, machine, table } from '../figure.js';
import { startPainter } from '../screen/painter-process.js';
import { makePictures } from '../screen/pictures.js';
import { median, percentile } from '../statistics.js';
import { type Clicks, hearClicks } from './heard-clicks.js';
import { Missing } from './missing.js';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, long: { type: 'boolean', default: false } },
});
const SECONDS = values.long ? 600 : Number(values.seconds);
const CLICKS = 20;
const AIM = 120;
/** Of the film, s. */
const PIECE = 20;
const TONE = 880;
/** What a listener of this benchmark lets the server gather, ms: as little as the sound itself is late by. */
const LATENCY = 10;
/** What the tone's player gives the server ahead, ms, as what plays films does: so the tone itself is whole. */
const AHEAD = 200;
/** In which the end of the tone is heard at the ear, ms. */
const AFTER = 1500;

const run = promisify(execFile);
await using stack = new AsyncDisposableStack();
const pulse = stack.use(
  await startPulse(
    ['computer', 'mouth', 'ear', 'customer'],
    ['module-remap-source master=mouth.monitor source_name=microphone'],
  ),
);
process.env.PULSE_SERVER = pulse.environment.PULSE_SERVER;
await run('pactl', ['set-default-source', 'microphone']);

const desktop = stack.use(await startDesktop());
const session = stack.use(await startLocalSession({ display: desktop.display }));
const operator = stack.use(await startBrowser({ viewport: { width: 1440, height: 900 }, sink: 'ear' }));
const customer = stack.use(
  await startBrowser({
    viewport: { width: 560, height: 900 },
    sink: 'customer',
    flags: ['--use-fake-ui-for-media-stream'],
  }),
);
const panel = await playUntilAllowed(operator.page, customer.page, session);
await allow(panel, 'hear');
await panel.locator('main').getByText('Your microphone is on: your helper hears you.').waitFor();

const figures: Figure[] = [];
const mouth = pulse.listen('mouth', LATENCY);
const ear = pulse.listen('ear', LATENCY);
tell('Clicks, at rest');
// What cleans a voice gets used to the room first.
await hearClicks(pulse, 'mouth', mouth, ear, 5);
figures.push(clickFigure('mouth to ear, at rest', await hearClicks(pulse, 'mouth', mouth, ear, CLICKS)));

tell('Clicks, while a film plays');
const film = stack.use(startPainter());
const folder = join(session.folder, 'film');
await mkdir(folder, { recursive: true });
const pictures = await makePictures(folder);
await film.ask('start', { display: desktop.display, pictures });
await film.ask('open', 'video');
/** In pieces, since each call of the painter has its deadline. */
const playFilm = async (seconds: number): Promise<void> => {
  for (let left = seconds; left > 0; left -= PIECE) {
    await film.ask('draw', { scene: 'video', count: Math.min(left, PIECE) * 30, period: 33 });
  }
};
const watched = playFilm(CLICKS);
figures.push(
  clickFigure('mouth to ear, while a film plays', await hearClicks(pulse, 'mouth', mouth, ear, CLICKS)),
);
await watched;

tell(`A tone of ${SECONDS} s, while a film plays`);
await panel.getByRole('button', { name: 'Turn off my microphone' }).click();
await allow(panel, 'hear-computer');
await panel.locator('main').getByText('Your helper hears what your computer plays.').waitFor();
const long = playFilm(SECONDS);
figures.push(...(await toneFigures(pulse)));
await long;
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}`);

function clickFigure(what: string, { delays, lost }: Clicks): Figure {
  if (delays.length === 0) return { what, measured: 'nothing was heard', reached: false };
  const [middle, late] = [median(delays), percentile(delays, 0.95)];
  return {
    what: `${what}: ${delays.length} clicks, median and 95th percentile (lost)`,
    measured: `${middle.toFixed(0)} ms, ${late.toFixed(0)} ms (${lost})`,
    aim: `<= ${AIM} ms`,
    reached: middle <= AIM,
  };
}

/** What of the tone comes out in pieces of 20 ms, beside what came out of the computer itself, and how late its end. */
async function toneFigures(server: Pulse): Promise<readonly Figure[]> {
  const [there, here] = [new Missing(TONE), new Missing(TONE)];
  const computer = server.listen('computer', LATENCY);
  using _computer = computer.onBlock((block) => there.add(block));
  using _ear = ear.onBlock((block) => here.add(block));
  await server.play('computer', Buffer.concat([tone(TONE, SECONDS * 1000), silence(AFTER)]), AHEAD);
  const late: Figure = {
    what: 'the end of the tone, from the computer to the ear',
    measured: `${(here.last - there.last).toFixed(0)} ms`,
  };
  const dropOuts: Figure = {
    what: `a tone of ${SECONDS} s from the computer, while a film plays: drop-outs (and in what was played)`,
    measured: `${here.times} of ${here.milliseconds} ms (${there.times} of ${there.milliseconds} ms)`,
    aim: 'none',
    reached: here.times === 0,
  };
  return [dropOuts, late];
}

async function allow(page: Page, capability: string): Promise<void> {
  const given = page.locator(`#switch-${capability}`);
  if (!(await given.isVisible())) await page.locator('.switches summary').click();
  await given.check();
}

function tell(line: string): void {
  console.error(line);
}
