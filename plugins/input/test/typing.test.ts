import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { Injector } from '../src/injector.js';
import { startOwnBrowser } from './own-browser.js';
import { startTerminal } from './terminal.js';

const run = promisify(execFile);
const RUNNING = new AbortController().signal;
const EVERYTHING = 'aZ9@ß€é漢字Ж😀ñ';
/** What a German and an Italian keyboard write with AltGr, and letters between. */
const FOREIGN = '¡e⅛£¤⅜⅝⅞™±°e¿ΩeÆ§€®Ŧ¥↑ıØÞ˚eẞÐªŊĦŁˍ›‹©‚‘’º×÷—eſ¶ŧ←↓→øþæßðđŋħĸłe»«¢„“”µ·…–Öéeç';
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');

test.serial(
  'a terminal gets the characters, with Caps Lock too, and hundreds that no layout has',
  async (t) => {
    await using at = await startTerminal();
    const many = Array.from({ length: 200 }, (_, index) => String.fromCodePoint(0x4e00 + 7 * index)).join('');
    const capsLock = async (): Promise<void> => {
      await at.injector.inject({ type: 'key', code: 'CapsLock', down: true });
      await at.injector.inject({ type: 'key', code: 'CapsLock', down: false });
    };
    t.is(await at.injector.inject({ type: 'text', text: `${EVERYTHING}\n` }), undefined);
    await capsLock();
    t.is(await at.injector.inject({ type: 'text', text: `${EVERYTHING}Éж\n` }), undefined);
    await capsLock();
    t.is(await at.injector.inject({ type: 'text', text: `${many}\n` }), undefined);
    t.deepEqual(await at.lines(3), [EVERYTHING, `${EVERYTHING}Éж`, many]);
  },
);

test.serial('every printable character and more, under the layouts of five countries', async (t) => {
  await using at = await startTerminal();
  const layouts = ['us', 'it', 'de', 'fr', 'ru', 'us,ru'];
  const text = `${PRINTABLE}àèìòùçÄÖÜß€§°`;
  for (const [before, layout] of layouts.entries()) {
    // What was typed has been read by the terminal before the layout changes under it.
    await at.lines(before);
    await run('setxkbmap', ['-layout', layout], { env: { ...process.env, DISPLAY: at.display } });
    t.is(await at.injector.inject({ type: 'text', text: `${text}\n` }), undefined, layout);
  }
  t.deepEqual(
    await at.lines(layouts.length),
    layouts.map(() => text),
  );
});

test.serial('a shortcut presses the key that writes its letter, wherever it is', async (t) => {
  await using at = await startTerminal();
  // On a French keyboard Ctrl+A is where others have Q; the terminal's line editor ends the file on Ctrl+D.
  await run('setxkbmap', ['-layout', 'fr'], { env: { ...process.env, DISPLAY: at.display } });
  await at.injector.inject({ type: 'text', text: 'one two' });
  await at.injector.inject({ type: 'key', code: 'ControlLeft', down: true });
  // Ctrl+W rubs out a word: `w` is at the place KeyZ there.
  await at.injector.inject({ type: 'key', code: 'KeyW', down: true, character: 'w' });
  await at.injector.inject({ type: 'key', code: 'KeyW', down: false, character: 'w' });
  await at.injector.inject({ type: 'key', code: 'ControlLeft', down: false });
  await at.injector.inject({ type: 'text', text: 'three\n' });
  t.deepEqual(await at.lines(1), ['one three']);
});

/** An empty text field that has the keyboard, in a browser on a display of its own. */
async function startField() {
  await using trying = new AsyncDisposableStack();
  const server = trying.use(await startXvfb({ width: 800, height: 600 }));
  const { page, button } = trying.use(await startOwnBrowser(server.name));
  const injector = trying.use(
    await Injector.open(server.name, { processIds: () => [] }, systemClock, RUNNING),
  );
  await page.evaluate("document.body.innerHTML = '<textarea autofocus></textarea>'");
  await page.click('textarea');
  await injector.inject({ type: 'move', ...(await button()) });
  const stack = trying.move();
  return { page, injector, [Symbol.asyncDispose]: async () => await stack[Symbol.asyncDispose]() };
}

test.serial('a field in a browser gets the characters', async (t) => {
  await using at = await startField();
  const { page, injector } = at;
  t.is(await injector.inject({ type: 'text', text: EVERYTHING }), undefined);
  await page.waitForFunction(
    `[...document.querySelector('textarea').value].length >= ${[...EVERYTHING].length}`,
  );
  t.is(await page.evaluate("document.querySelector('textarea').value"), EVERYTHING);
});

test.serial(
  'a browser gets characters of another layout one by one, in order, and none for another',
  async (t) => {
    t.timeout(120_000);
    await using at = await startField();
    const { page, injector } = at;
    for (const character of FOREIGN)
      t.is(await injector.inject({ type: 'text', text: character }), undefined);
    t.is(await injector.inject({ type: 'text', text: '.' }), undefined);
    await page.waitForFunction("document.querySelector('textarea').value.endsWith('.')");
    t.is(await page.evaluate("document.querySelector('textarea').value"), `${FOREIGN}.`);
  },
);
