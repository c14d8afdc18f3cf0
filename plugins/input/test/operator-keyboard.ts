import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import { decodeInput, type InputMessage, type KeyCode, systemClock } from '@livelet/core';
import { XConnection } from '../src/x-connection.js';
import { X11_KEYCODES } from '../src/x11-keycodes.js';
import { showPicture } from './stage-panel.js';

const run = promisify(execFile);
const STAGE = new URL('../site/keyboard-and-mouse.js', import.meta.url);
const CANVAS = '<textarea></textarea><canvas data-livelet-stage width="100" height="100"></canvas>';
const STYLES = 'canvas, textarea { display: block; width: 400px; height: 200px }';
/** The stage keeps it to itself, so its release says that all before it has been taken. */
const LAST: KeyCode = 'ScrollLock';

/** Keys that go down in order and come up in reverse. */
export type Chord = readonly KeyCode[];

/** A key as the page was told of it. */
export interface Told {
  readonly code: string;
  readonly key: string;
}

/** An operator's own keyboard: a display whose layout can be set, with a real browser that shows the stage. */
export interface OperatorKeyboard extends AsyncDisposable {
  /** @param name as `setxkbmap -layout` takes it */
  setLayout(name: string): Promise<void>;
  /** Types into a field of the operator's own page. @returns what stands in it then, and what the page was told */
  typeHere(chords: readonly Chord[]): Promise<{ readonly text: string; readonly told: readonly Told[] }>;
  /** Types into the stage. @returns what the customer's end is sent */
  typeThere(chords: readonly Chord[]): Promise<readonly InputMessage[]>;
}

export async function startOperatorKeyboard(): Promise<OperatorKeyboard> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb({ width: 1024, height: 768 }));
  const keyboard = stack.use(await XConnection.open(server.name, systemClock));
  const browser = stack.use(await startPanelBrowser({ display: server.name }));
  const panel = stack.use(await browser.open({ module: STAGE, slot: CANVAS, styles: STYLES }));
  await panel.page.evaluate(`{
    globalThis.lasts = 0;
    globalThis.told = [];
    addEventListener('keydown', ({ code, key }) => told.push({ code, key }), true);
    addEventListener('keyup', ({ code }) => { if (code === '${LAST}') lasts += 1; }, true);
  }`);
  await showPicture(panel, true);
  await panel.tell({ type: 'state', control: true, captured: false });
  // Without a window manager the keys go to the window under the pointer.
  keyboard.movePointer(500, 500);
  await keyboard.sync();
  let presses = 0;
  const press = async (chords: readonly Chord[]): Promise<void> => {
    for (const chord of [...chords, [LAST]]) {
      for (const code of chord) keyboard.key(X11_KEYCODES[code], true);
      for (const code of chord.toReversed()) keyboard.key(X11_KEYCODES[code], false);
    }
    presses += 1;
    await panel.until(`lasts >= ${presses}`);
  };
  const owned = stack.move();
  return {
    async setLayout(name) {
      await run('setxkbmap', ['-layout', name], { env: { ...process.env, DISPLAY: server.name } });
    },
    async typeHere(chords) {
      await panel.page.locator('main > textarea').focus();
      await panel.page.evaluate("{ document.querySelector('textarea').value = ''; told.length = 0; }");
      await press(chords);
      const text = await panel.page.evaluate<string>("document.querySelector('textarea').value");
      const told = await panel.page.evaluate<Told[]>('told.splice(0)');
      return { text, told: told.filter(({ code }) => code !== LAST) };
    },
    async typeThere(chords) {
      await panel.page.locator('canvas').click();
      await panel.posted();
      await press(chords);
      return await sent(panel);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function sent(panel: PanelPage): Promise<InputMessage[]> {
  const posted = await panel.posted();
  return posted.flatMap(({ bytes }) => (bytes === undefined ? [] : [decodeInput(bytes)]));
}
