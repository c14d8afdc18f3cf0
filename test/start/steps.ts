import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ASK_REST, parseSessionCode } from '@livelet/core';
import { fileAppears } from '../fixtures/file-appears.js';
import { processTree } from '../fixtures/process-tree.js';
import { pictureEqualsDisplay, STAGE } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { type Cast, REACTION } from './cast.js';
import { exchangeFiles, readReceipt, reportProblem, shareClipboard, takeNotes } from './exchange-steps.js';
import { endRecording, seeCameras, showOwnScreen, speak, startRecording } from './media-steps.js';
import {
  clickStage,
  getCode,
  middle,
  openLivelet,
  pressAllow,
  readCode,
  sendChat,
  typeCode,
} from './people.js';
import { chooseMonitor, keepPicture, measure, preferSharp, watchFilm } from './picture-steps.js';

/** Notes what holds; throws when it doesn't. */
export type Check = (what: string, holds: boolean) => void;

/** The session in the order of its steps. */
export const STEPS: readonly { readonly title: string; play(cast: Cast, check: Check): Promise<void> }[] = [
  { title: 'The operator gets a code', play: code },
  { title: 'The customer types it, and both see who is there', play: meet },
  { title: 'The customer allows view, control and chat, and the operator sees the desktop', play: allow },
  { title: 'The operator types a command into the terminal', play: typeCommand },
  { title: 'The operator clicks', play: click },
  { title: 'The operator chooses a monitor', play: chooseMonitor },
  { title: 'The operator measures the picture', play: measure },
  { title: 'The operator wants every pixel exact', play: preferSharp },
  { title: 'A film plays on the desktop', play: watchFilm },
  { title: 'The operator keeps a picture', play: keepPicture },
  { title: 'Both write to each other', play: chat },
  { title: 'Each pastes what the other copies', play: shareClipboard },
  { title: 'The customer takes control back', play: revoke },
  // A permission that was taken back rests for ten seconds: these steps are in them.
  { title: 'Files go both ways', play: exchangeFiles },
  { title: 'The operator reports a problem', play: reportProblem },
  { title: 'The operator takes notes', play: takeNotes },
  { title: 'The operator asks to hear, and both speak', play: speak },
  { title: 'The operator asks to record', play: startRecording },
  { title: 'Each sees the other’s camera', play: seeCameras },
  { title: 'Cameras and microphones go off, and the recording ends', play: endRecording },
  { title: 'The operator shows their own screen', play: showOwnScreen },
  { title: 'The operator asks again, and is refused', play: askAgain },
  { title: 'The customer stops', play: stop },
];

async function code({ operator, customer, session }: Cast, check: Check): Promise<void> {
  await openLivelet(customer, session);
  check(
    'the Livelet asks for a code and for nothing else',
    (await customer.getByRole('textbox').count()) === 1,
  );
  const shown = await getCode(operator, session);
  check(`the code has twelve digits in groups of three, with its check digit: ${shown}`, isCode(shown));
  check('it can be copied', await operator.getByRole('button', { name: 'Copy code' }).isVisible());
}

async function meet({ operator, customer }: Cast, check: Check): Promise<void> {
  await typeCode(customer, await readCode(operator));
  await customer.getByRole('heading', { name: 'Maria Rossi wants to help you' }).waitFor();
  check('the customer reads who is asking: Maria Rossi', true);
  await operator.getByRole('heading', { name: 'Anna Bianchi' }).waitFor();
  check('the operator reads who is there: Anna Bianchi', true);
  const words = await customer.locator('.word').allTextContents();
  for (const word of words) await operator.getByText(word, { exact: true }).first().waitFor();
  check(`both screens show the same four words: ${words.join(' ')}`, words.length === 4);
  check(
    'no picture is sent before Allow',
    (await operator.locator(STAGE).filter({ visible: true }).count()) === 0,
  );
}

async function allow(cast: Cast, check: Check): Promise<void> {
  const { customer, operator, desktop } = cast;
  const button = customer.getByRole('button', { name: /^Allow/ });
  check('Allow is closed at first', (await button.getAttribute('aria-disabled')) === 'true');
  const control = customer.getByRole('switch', { name: /mouse and keyboard/i });
  check('control is off unless the customer switches it on', !(await control.isChecked()));
  await control.check();
  cast.panel = await pressAllow(customer);
  check('the control panel with Stop is there, in a window of its own that stays in front', true);
  await operator.getByText('Controlling').first().waitFor();
  check('the operator reads that they control', true);
  await operator.locator(STAGE).waitFor();
  await pictureEqualsDisplay(operator, desktop.scene.connection, desktop);
  check(`the picture equals the display, pixel for pixel (${desktop.width}x${desktop.height})`, true);
}

async function typeCommand({ operator, desktop, folder }: Cast, check: Check): Promise<void> {
  const text = 'echo Perché no? 5 € ~ {ok} | cat';
  const written = fileAppears(folder, 'typed', REACTION);
  await clickStage(operator, desktop, desktop.terminal);
  await operator.keyboard.type(`printf %s '${text}' > typed.part && mv typed.part typed\n`);
  await withDeadline(written, REACTION, 'the terminal to write the file');
  const content = await readFile(join(folder, 'typed'), 'utf8');
  check(`the terminal wrote what was typed, accents and all: ${content}`, content === text);
}

async function click({ operator, desktop }: Cast, check: Check): Promise<void> {
  const { scene } = desktop;
  const before = scene.colour;
  const clicked = scene.clicked();
  await clickStage(operator, desktop, middle(scene.button));
  await withDeadline(clicked, REACTION, 'the click to arrive');
  check('the button on the desktop was clicked once and changed its colour', scene.colour !== before);
  await pictureEqualsDisplay(operator, scene.connection, desktop);
  check('the operator sees its new colour', true);
}

async function chat({ operator, panel }: Cast, check: Check): Promise<void> {
  const there = 'Hello Anna, I see the window. 👋';
  const back = 'Grazie! <b>È quella giusta</b>';
  await sendChat(operator, there);
  await panel.getByRole('log').getByText(there).waitFor();
  check('the customer reads the operator’s message', true);
  await sendChat(panel, back);
  await operator.getByRole('log').getByText(back).waitFor();
  check('the operator reads the answer, as text and not as markup', true);
}

async function revoke(cast: Cast, check: Check): Promise<void> {
  const { operator, panel, desktop } = cast;
  await panel.getByRole('switch', { name: /mouse and keyboard/i }).uncheck();
  await operator.getByText('Viewing').first().waitFor();
  check('the operator reads that they only view', true);
  const before = desktop.scene.colour;
  await clickStage(operator, desktop, middle(desktop.scene.button));
  // A message sent after the click has arrived: the click would have been there before it.
  await sendChat(operator, 'Did my click arrive?');
  await panel.getByRole('log').getByText('Did my click arrive?').waitFor();
  await desktop.scene.connection.sync();
  check('a click does nothing any more', desktop.scene.colour === before);
  await pictureEqualsDisplay(operator, desktop.scene.connection, desktop);
  check('the picture goes on', true);
}

async function askAgain({ operator, panel }: Cast, check: Check): Promise<void> {
  const ask = operator.getByRole('button', { name: /ask (for|to).*control/i }).first();
  // What was taken back just now can't be asked for yet.
  await ask.waitFor({ timeout: ASK_REST + REACTION });
  await ask.click();
  await panel.getByRole('alertdialog').waitFor();
  check('the customer is asked one question', (await panel.getByRole('alertdialog').count()) === 1);
  await panel.getByRole('button', { name: 'No', exact: true }).click();
  await operator
    .getByText(/ask again in/i)
    .first()
    .waitFor();
  check('the operator reads the refusal and when to ask again', true);
}

async function stop(cast: Cast, check: Check): Promise<void> {
  const { operator, customer, panel, session } = cast;
  const id = session.livelet.process.pid ?? 0;
  await panel.getByRole('button', { name: 'Stop' }).click();
  await customer.getByText('The program has closed. Nobody can connect.').waitFor();
  check('the customer reads that the program has closed', true);
  await operator.getByRole('heading', { name: 'Session with Anna Bianchi ended' }).waitFor();
  check('the operator has the receipt', true);
  const status = await withDeadline(session.livelet.exited, REACTION, 'the Livelet to exit');
  check('the Livelet has exited by itself with status 0', status === 0);
  check('no process of it is left', processTree(id).length === 0);
  await readReceipt(cast, check);
}

function isCode(text: string): boolean {
  return /^\d{3} \d{3} \d{3} \d{3}$/.test(text) && parseSessionCode(text).nameplate.length === 5;
}
