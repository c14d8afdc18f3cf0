import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import { type ChatKeeping, type JsonValue, MAX_CHAT_CHARACTERS } from '@livelet/core';
import test from 'ava';
import type { ChatEntry } from '../src/page-protocol.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const CHAT = new URL('../site/chat-panel.js', import.meta.url);
const STYLES = 'html, body, .slot, .ll-panel { block-size: 100%; margin: 0 }';

const entry = (id: string, text: string, more: Partial<ChatEntry> = {}): ChatEntry => ({
  id,
  mine: false,
  text,
  at: Date.UTC(2026, 0, 1, 12),
  delivery: 'delivered',
  ...more,
});

async function tellState(
  panel: PanelPage,
  entries: readonly ChatEntry[] = [],
  more: object = {},
): Promise<void> {
  const state = { type: 'state', open: true, peerName: 'Anna', entries, ...more };
  await panel.tell(state as unknown as JsonValue);
}

async function tellEntry(panel: PanelPage, changed: ChatEntry): Promise<void> {
  await panel.tell({ type: 'entry', entry: changed } as unknown as JsonValue);
}

async function chat(width = 340): Promise<PanelPage> {
  const panel = await browser.open({ module: CHAT, styles: STYLES, size: { width, height: 500 } });
  await tellState(panel);
  return panel;
}

test.serial('Enter sends, Shift+Enter begins a line, and the field is empty again', async (t) => {
  await using panel = await chat();
  const field = panel.page.getByLabel('Write a message');
  await field.click();
  await panel.page.keyboard.type('one');
  await panel.page.keyboard.press('Shift+Enter');
  await panel.page.keyboard.type('two');
  await panel.page.keyboard.press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'send', text: 'one\ntwo' } }]);
  t.is(await field.inputValue(), '');
  await panel.page.keyboard.press('Enter');
  t.deepEqual(await panel.posted(), []);
  t.deepEqual(panel.problems, []);
});

test.serial('how much room is left is told near the limit, and too much is not sent', async (t) => {
  await using panel = await chat();
  const field = panel.page.getByLabel('Write a message');
  await field.fill('x'.repeat(MAX_CHAT_CHARACTERS - 201));
  t.is(await panel.page.locator('#left').count(), 0);
  await field.fill('😀'.repeat(MAX_CHAT_CHARACTERS - 200));
  t.is((await panel.page.locator('#left').textContent())?.trim(), '200 characters left');
  await field.fill('x'.repeat(MAX_CHAT_CHARACTERS + 1));
  t.is((await panel.page.locator('#left').textContent())?.trim(), '1 character too many');
  t.true(await panel.page.getByRole('button', { name: 'Send' }).isDisabled());
  await field.press('Enter');
  t.deepEqual(await panel.posted(), []);
});

test.serial(
  'markup and links are text, nothing is fetched, and direction marks change nothing',
  async (t) => {
    await using panel = await chat();
    const requests: string[] = [];
    panel.page.on('request', (request) => requests.push(request.url()));
    await tellState(panel, [
      entry('1', '<img src="https://example.org/x.png" onerror="alert(1)"> https://example.org'),
      entry('2', 'safe\u202egpj.exe'),
      entry('3', 'שלום'),
    ]);
    const texts = panel.page.locator('.text');
    t.deepEqual(await texts.allInnerTexts(), [
      '<img src="https://example.org/x.png" onerror="alert(1)"> https://example.org',
      'safegpj.exe',
      'שלום',
    ]);
    t.is(await panel.page.locator('img, a').count(), 0);
    t.is(
      await panel.page.evaluate(
        "getComputedStyle(document.querySelector('livelet-chat').shadowRoot.querySelectorAll('.text')[2]).direction",
      ),
      'rtl',
    );
    t.deepEqual(requests, []);
  },
);

test.serial('what was not delivered says so and can be tried again', async (t) => {
  await using panel = await chat();
  await tellEntry(panel, entry('7', 'hello', { mine: true, delivery: 'sending' }));
  t.true(await panel.page.getByText('Sending').isVisible());
  await tellEntry(panel, entry('7', 'hello', { mine: true, delivery: 'failed' }));
  t.true(await panel.page.getByText('Not delivered').isVisible());
  await panel.page.getByRole('button', { name: 'Try again' }).click();
  t.deepEqual(await panel.posted(), [{ json: { type: 'resend', id: '7' } }]);
  await tellEntry(panel, entry('7', 'hello', { mine: true, delivery: 'delivered' }));
  t.is(await panel.page.locator('.message').count(), 1);
  t.true(await panel.page.getByText('Delivered').isVisible());
});

test.serial('messages that come while the chat is out of sight are marked and counted', async (t) => {
  await using panel = await chat();
  await panel.page.evaluate(`(() => {
    globalThis.counts = [];
    document.addEventListener('livelet-panel-unread', (event) => counts.push(event.detail.count));
    document.querySelector('.slot').style.display = 'none';
  })()`);
  await panel.page.evaluate(
    'new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))',
  );
  await tellEntry(panel, entry('1', 'first'));
  await tellEntry(panel, entry('2', 'second'));
  t.deepEqual(await panel.page.evaluate('counts'), [1, 2]);
  await panel.page.evaluate("document.querySelector('.slot').style.display = ''");
  await panel.until('counts.at(-1) === 0');
  const rows = await panel.page.locator('li').allInnerTexts();
  t.is(rows[0], 'New');
});

test.serial('before anything is written both people read whether and where it is kept', async (t) => {
  await using panel = await chat();
  const notice = panel.page.locator('.keeping');
  t.is(await notice.innerText(), 'Before your first message you read here whether this chat is kept.');
  const TOLD: [ChatKeeping, string][] = [
    [{ kept: true, by: 'relay.example' }, 'This chat is kept by relay.example.'],
    [{ kept: false, refused: false }, 'This chat is not kept.'],
    [
      { kept: false, refused: true },
      'This chat is not kept: the place named for it was not signed by the organisation.',
    ],
  ];
  for (const [keeping, words] of TOLD) {
    await tellState(panel, [], { keeping });
    await panel.page.getByText(words, { exact: true }).waitFor();
    t.is(await notice.innerText(), words);
  }
});

test.serial('a chat that is not allowed says so, and sends nothing', async (t) => {
  await using panel = await chat();
  await tellState(panel, [], { open: false });
  t.true(await panel.page.getByText('Messages are not allowed now.').isVisible());
  await panel.page.getByLabel('Write a message').fill('x');
  t.true(await panel.page.getByRole('button', { name: 'Send' }).isDisabled());
});

test.serial('a flood is shown up to its bound, in the last place unless one reads further up', async (t) => {
  await using panel = await chat();
  const flood = Array.from({ length: 600 }, (_, n) => entry(`${n}`, `message ${n}`));
  await panel.page.evaluate(`for (const entry of ${JSON.stringify(flood)}) tell({ type: 'entry', entry })`);
  t.is(await panel.page.locator('.message').count(), 500);
  const gap =
    "(() => { const log = document.querySelector('livelet-chat').shadowRoot.querySelector('.log'); return log.scrollHeight - log.scrollTop - log.clientHeight; })()";
  t.true((await panel.page.evaluate<number>(gap)) < 2);
  await panel.page.evaluate(
    "document.querySelector('livelet-chat').shadowRoot.querySelector('.log').scrollTop = 0",
  );
  await tellEntry(panel, entry('last', 'last'));
  t.true((await panel.page.evaluate<number>(gap)) > 1000);
});

for (const locale of ['en', 'it'] as const) {
  test.serial(`axe finds nothing, in ${locale}`, async (t) => {
    await using panel = await browser.open({ module: CHAT, styles: STYLES, locale });
    await tellState(panel, [entry('1', 'ciao'), entry('2', 'ciao', { mine: true, delivery: 'failed' })], {
      keeping: { kept: true, by: 'relay.example' },
    });
    await panel.page.locator('.message').first().waitFor();
    const { violations } = await new AxeBuilder({ page: panel.page }).setLegacyMode(true).analyze();
    t.deepEqual(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
      [],
    );
    t.true(await panel.page.getByText(locale === 'it' ? 'Non consegnato' : 'Not delivered').isVisible());
  });
}
