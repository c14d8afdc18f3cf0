import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import { decodeInput, type InputMessage } from '@livelet/core';
import test from 'ava';
import { CONTROL, focusedStage, LEFT, openStage, STAGE_PANEL, showPicture } from './stage-panel.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const KEYS = new URL('../site/keys.js', import.meta.url);
const HAS_KEYBOARD = "document.activeElement.shadowRoot?.activeElement?.localName === 'textarea'";

const stage = (): Promise<PanelPage> => openStage(browser);
const focused = (): Promise<PanelPage> => focusedStage(browser);

async function sent(panel: PanelPage): Promise<InputMessage[]> {
  const posted = await panel.posted();
  return posted.flatMap(({ bytes }) => (bytes === undefined ? [] : [decodeInput(bytes)]));
}

test.serial('nothing is sent and nothing is shown without control', async (t) => {
  await using panel = await browser.open(STAGE_PANEL);
  await panel.tell({ ...CONTROL, control: false });
  await panel.page.mouse.click(LEFT + 10, LEFT + 10);
  await panel.page.mouse.wheel(0, 100);
  await panel.page.keyboard.press('a');
  t.deepEqual(await panel.posted(), []);
  t.is(await panel.page.locator('textarea:visible').count(), 0);
  t.deepEqual(panel.problems, []);
});

test.serial('places map to the pixel under the pointer, whatever the scale', async (t) => {
  await using panel = await stage();
  const places: [number, number, number, number][] = [
    [0, 0, 1000, 20],
    [199, 99, 1398, 218],
    [100, 50, 1200, 120],
  ];
  for (const [x, y, toX, toY] of places) {
    await panel.page.mouse.move(LEFT + x, LEFT + y);
    await panel.page.mouse.down();
    await panel.page.mouse.up();
    const press = (await sent(panel)).find(({ type }) => type === 'button');
    t.deepEqual(press, { type: 'button', button: 'left', down: true, x: toX, y: toY });
  }
});

test.serial('a drag goes on outside the picture, at its border, and ends there', async (t) => {
  await using panel = await stage();
  await panel.page.mouse.move(LEFT + 20, LEFT + 20);
  await panel.page.mouse.down();
  await panel.page.mouse.move(LEFT + 700, LEFT + 40);
  await panel.page.mouse.up();
  const messages = await sent(panel);
  t.deepEqual(messages.at(-1), { type: 'button', button: 'left', down: false, x: 1399, y: 100 });
});

test.serial('all buttons of a mouse, two at once too, and no menu of the browser', async (t) => {
  await using panel = await stage();
  await panel.page.mouse.move(LEFT + 20, LEFT + 20);
  await panel.posted();
  await panel.page.mouse.down({ button: 'right' });
  await panel.page.mouse.down({ button: 'middle' });
  await panel.page.mouse.up({ button: 'right' });
  await panel.page.mouse.up({ button: 'middle' });
  t.deepEqual(
    (await sent(panel)).flatMap((message) =>
      message.type === 'button' ? [`${message.button} ${message.down}`] : [],
    ),
    ['right true', 'middle true', 'right false', 'middle false'],
  );
});

test.serial('the wheel turns in notches, and what is less than one adds up', async (t) => {
  await using panel = await stage();
  await panel.page.mouse.move(LEFT, LEFT);
  await panel.posted();
  const at = { x: 1000, y: 20 };
  await panel.page.mouse.wheel(0, 100);
  await panel.page.mouse.wheel(-200, 0);
  for (let n = 0; n < 4; n += 1) await panel.page.mouse.wheel(0, -25);
  await panel.until('posted.length >= 3');
  t.deepEqual(await sent(panel), [
    { type: 'wheel', dx: 0, dy: 1, ...at },
    { type: 'wheel', dx: -2, dy: 0, ...at },
    { type: 'wheel', dx: 0, dy: -1, ...at },
  ]);
});

test.serial('a thousand moves within a frame go out as a few, the last one included', async (t) => {
  await using panel = await stage();
  await panel.page.evaluate(`(async () => {
    const canvas = document.querySelector('canvas');
    for (let x = 0; x < 1000; x += 1) {
      const init = { bubbles: true, clientX: 50 + x / 10, clientY: 60 };
      canvas.dispatchEvent(new PointerEvent('pointermove', init));
    }
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  })()`);
  const messages = await sent(panel);
  t.true(messages.length <= 3);
  t.deepEqual(messages.at(-1), { type: 'move', x: 1199, y: 40 });
});

test.serial(
  'a chord that pastes goes as keys, unless a piece of the page takes what is pasted',
  async (t) => {
    await using panel = await focused();
    const { page } = panel;
    const down = async (): Promise<string[]> =>
      (await sent(panel)).flatMap((message) =>
        message.type === 'key' && message.down ? [message.code] : [],
      );
    for (const chord of ['Control+v', 'Meta+v', 'Shift+Insert', 'Control+Shift+v'])
      await page.keyboard.press(chord);
    const keys = ['ControlLeft', 'KeyV', 'MetaLeft', 'KeyV', 'ShiftLeft', 'Insert'];
    t.deepEqual(await down(), [...keys, 'ControlLeft', 'ShiftLeft', 'KeyV']);
    // In order with what is typed after it.
    await page.keyboard.down('Control');
    await page.keyboard.press('v');
    await page.keyboard.press('x');
    await page.keyboard.up('Control');
    await page.keyboard.press('Enter');
    t.deepEqual(await down(), ['ControlLeft', 'KeyV', 'KeyX', 'Enter']);
    await page.evaluate("addEventListener('paste', (event) => event.preventDefault(), true)");
    await page.keyboard.press('Control+v');
    await page.keyboard.press('a');
    t.deepEqual(
      (await sent(panel)).map((message) =>
        'code' in message ? `${message.code} ${message.down}` : message.type,
      ),
      ['ControlLeft true', 'ControlLeft false', 'text'],
    );
    t.is(await page.locator('textarea').inputValue(), '');
  },
);

test.serial('printable keys go as characters, others and shortcuts as keys', async (t) => {
  await using panel = await focused();
  const { keyboard } = panel.page;
  await keyboard.type('aÄ@ 漢😀');
  t.deepEqual(
    (await sent(panel)).map((message) => (message.type === 'text' ? message.text : message.type)),
    ['a', 'Ä', '@', ' ', '漢', '😀'],
  );
  await keyboard.press('Enter');
  await keyboard.press('Control+Shift+c');
  await keyboard.press('F5');
  const key = (code: string, down: boolean, character?: string) =>
    character === undefined ? { type: 'key', code, down } : { type: 'key', code, down, character };
  t.deepEqual<unknown[], unknown[]>(await sent(panel), [
    key('Enter', true),
    key('Enter', false),
    key('ControlLeft', true),
    key('ShiftLeft', true),
    key('KeyC', true, 'c'),
    key('KeyC', false, 'c'),
    key('ShiftLeft', false),
    key('ControlLeft', false),
    key('F5', true),
    key('F5', false),
  ]);
});

test.serial('a held key repeats and comes up once', async (t) => {
  await using panel = await focused();
  await panel.page.keyboard.down('ArrowDown');
  await panel.page.keyboard.down('ArrowDown');
  await panel.page.keyboard.up('ArrowDown');
  t.deepEqual(
    (await sent(panel)).map((message) => message.type === 'key' && message.down),
    [true, true, false],
  );
});

test.serial('an input method sends its finished text only', async (t) => {
  await using panel = await focused();
  const session = await panel.page.context().newCDPSession(panel.page);
  await session.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
  await session.send('Input.imeSetComposition', { text: '日本', selectionStart: 2, selectionEnd: 2 });
  t.deepEqual(await sent(panel), []);
  await session.send('Input.insertText', { text: '日本' });
  t.deepEqual(await sent(panel), [{ type: 'text', text: '日本' }]);
});

test.serial('the chord leaves the stage, lets go of its keys and says so', async (t) => {
  await using panel = await focused();
  await panel.announced();
  await panel.page.keyboard.down('Control');
  await panel.page.keyboard.down('Alt');
  await panel.page.keyboard.down('Shift');
  const posted = await panel.posted();
  t.deepEqual(posted.at(-1)?.json, { type: 'captured', captured: false });
  t.deepEqual(decodeInput(posted.at(-2)?.bytes ?? new Uint8Array()), { type: 'release-all' });
  t.deepEqual(await panel.announced(), ['Keys are yours again.']);
  await panel.page.keyboard.type('x');
  t.deepEqual(await panel.posted(), []);
});

test.serial(
  'where the keys go is shown once, without moving the toolbar; it is announced each time',
  async (t) => {
    await using panel = await stage();
    const notice = panel.page.getByText('Keys go to the customer. Ctrl+Alt+Shift leaves.');
    await panel.page.mouse.click(LEFT + 10, LEFT + 10);
    t.true(await notice.isVisible());
    await panel.page.evaluate('document.activeElement.blur()');
    t.is(await notice.count(), 0);
    await panel.page.mouse.click(LEFT + 10, LEFT + 10);
    t.is(await notice.count(), 0);
    t.deepEqual(await panel.announced(), Array(2).fill('Keys go to the customer. Ctrl+Alt+Shift leaves.'));

    await using menu = await browser.open({ module: KEYS });
    await menu.tell(CONTROL);
    const width = async (): Promise<number | undefined> =>
      (await menu.page.locator('livelet-keys-menu').boundingBox())?.width;
    const before = await width();
    await menu.tell({ ...CONTROL, captured: true });
    await menu.page.getByTitle('Keys go to the customer.').waitFor();
    t.is(await width(), before);
  },
);

test.serial('losing the focus or control lets go of what is held', async (t) => {
  await using panel = await focused();
  await panel.page.keyboard.down('Control');
  await panel.posted();
  await panel.page.evaluate('document.activeElement.blur()');
  t.deepEqual(await sent(panel), [{ type: 'release-all' }]);

  await panel.page.mouse.click(LEFT + 10, LEFT + 10);
  await panel.page.keyboard.down('Shift');
  await panel.posted();
  await panel.tell({ ...CONTROL, control: false });
  t.deepEqual(await sent(panel), [{ type: 'release-all' }]);
});

test.serial(
  'without a picture nothing is sent, what is held comes up, and the keyboard is given back',
  async (t) => {
    await using panel = await focused();
    const { page } = panel;
    await panel.announced();
    await page.keyboard.down('Shift');
    await page.mouse.move(LEFT + 20, LEFT + 20);
    await page.mouse.down();
    await panel.posted();
    await showPicture(panel, false);
    const posted = await panel.posted();
    const released = posted.flatMap(({ bytes }) => (bytes === undefined ? [] : [decodeInput(bytes)]));
    t.deepEqual(released, [{ type: 'release-all' }, { type: 'release-all' }]);
    t.deepEqual(posted.at(-1)?.json, { type: 'picture', picture: false });
    t.false(await page.evaluate(HAS_KEYBOARD));
    t.deepEqual(await panel.announced(), ['Keys are yours again.']);

    // As long as the controller hasn't heard of it, and after the page has.
    for (const control of [true, false]) {
      await panel.tell({ ...CONTROL, control });
      await page.keyboard.up('Shift');
      await page.mouse.up();
      await page.mouse.click(LEFT + 10, LEFT + 10);
      await page.mouse.wheel(0, 100);
      await page.keyboard.type('secret');
      t.deepEqual(await sent(panel), []);
    }
    t.is(await page.locator('textarea:enabled').count(), 0);

    await showPicture(panel, true);
    t.deepEqual((await panel.posted()).at(-1)?.json, { type: 'picture', picture: true });
    await panel.tell(CONTROL);
    t.false(await page.evaluate(HAS_KEYBOARD), 'the person takes it');
    await page.mouse.click(LEFT + 10, LEFT + 10);
    await page.keyboard.type('x');
    t.deepEqual((await sent(panel)).at(-1), { type: 'text', text: 'x' });
  },
);

const IS_FOCUSED = (element: { matches(selector: string): boolean }) => element.matches(':focus');

test.serial('the menu of keys sends those that a page does not get, by mouse and by keyboard', async (t) => {
  await using panel = await browser.open({ module: KEYS });
  t.is(await panel.page.getByRole('button').count(), 0);
  await panel.tell({ ...CONTROL, captured: true });
  const keys = panel.page.getByRole('button', { name: 'Keys' });
  t.is(await keys.getAttribute('title'), 'Keys go to the customer. Ctrl+Alt+Shift leaves.');
  await panel.page.getByRole('button', { name: 'Keys' }).click();
  await panel.page.getByRole('menuitem', { name: 'Ctrl+Alt+Del' }).click();
  t.deepEqual(await sent(panel), [{ type: 'combination', combination: 'ctrl-alt-delete' }]);

  await keys.press('Enter');
  await panel.page.keyboard.press('End');
  t.true(await panel.page.getByRole('menuitem', { name: 'Caps Lock' }).evaluate(IS_FOCUSED));
  await panel.page.keyboard.press('Home');
  await panel.page.keyboard.press('ArrowDown');
  await panel.page.keyboard.press('Enter');
  t.deepEqual(
    (await sent(panel)).map((message) => message.type === 'key' && `${message.code} ${message.down}`),
    ['AltLeft true', 'Tab true', 'Tab false', 'AltLeft false'],
  );
  t.deepEqual(panel.problems, []);
});

const DROPPED = { type: 'state', control: false, captured: false, error: 'reconnecting' };

for (const [what, closes, meanwhile, expected] of [
  ['the stage has the keyboard again', false, '', true],
  ['a stage that the page had closed has the keyboard again', true, '', true],
  ['the keyboard stays where the person took it', true, "document.querySelector('#chat').focus()", false],
] as const) {
  test.serial(`after a drop ${what}`, async (t) => {
    await using panel = await focused();
    const { page } = panel;
    await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input id=chat>')");
    if (closes) {
      await page.evaluate("document.querySelector('.slot').inert = true");
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))');
    }
    await panel.tell(DROPPED);
    await panel.tell(DROPPED);
    t.false(await page.evaluate(HAS_KEYBOARD));
    t.is(await page.locator('.notice').innerText(), '', 'the page around says it');
    await page.evaluate(meanwhile);
    await page.evaluate("document.querySelector('.slot').inert = false");
    await panel.posted();
    await panel.tell(CONTROL);
    t.is(await page.evaluate(HAS_KEYBOARD), expected);
    const told = (await panel.posted()).map(({ json }) => json).filter((json) => json !== null);
    t.deepEqual(told, expected ? [{ type: 'captured', captured: true }] : []);
  });
}

test.serial(
  'control that was taken back, or lost while the keyboard was elsewhere, comes without it',
  async (t) => {
    await using panel = await focused();
    await panel.tell(DROPPED);
    await panel.tell({ ...CONTROL, control: false });
    await panel.tell(CONTROL);
    t.false(await panel.page.evaluate(HAS_KEYBOARD));
    await panel.tell(DROPPED);
    await panel.tell(CONTROL);
    t.false(await panel.page.evaluate(HAS_KEYBOARD));
  },
);
