import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { solidPng, startXvfb } from '@livelet/compliance';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue } from '@livelet/core';
import test from 'ava';
import type { ChosenFile } from '../src/page-protocol.js';

// A browser that has its own clipboard: that of a display, on which a program copies as a file manager does.
const display = await startXvfb();
const browser = await startPanelBrowser({ display: display.name });
const folder = await mkdtemp(join(tmpdir(), 'livelet-paste-'));
test.before(async () => {
  await writeFile(join(folder, 'report.pdf'), 'report');
  await mkdir(join(folder, 'photos/empty'), { recursive: true });
  await writeFile(join(folder, 'photos/x.txt'), 'photo');
});
test.after.always(async () => {
  await browser[Symbol.asyncDispose]();
  await display[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const COURIER = new URL('../site/courier-panel.js', import.meta.url);
const DEPOT = new URL('../site/depot-panel.js', import.meta.url);
const STATE = {
  type: 'state',
  maySend: true,
  mayTake: true,
  peerName: 'Anna',
  folder: '/f',
  offers: [],
  transfers: [],
  canShow: false,
};

async function copy(content: string | Uint8Array, target: string, selection = 'clipboard'): Promise<void> {
  const program = spawn('xclip', ['-quiet', '-i', '-selection', selection, '-t', target], {
    env: { ...process.env, DISPLAY: display.name },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const owns = once(program.stderr, 'data');
  program.stdin.end(content);
  await owns;
}

async function copyFiles(...names: string[]): Promise<void> {
  await copy(names.map((name) => pathToFileURL(join(folder, name)).href).join('\r\n'), 'text/uri-list');
}

/** With a field that notes what is pasted into it. */
async function open(module: URL, state: Record<string, JsonValue> = STATE): Promise<PanelPage> {
  const panel = await browser.open({ module, slot: '<textarea id="field"></textarea>' });
  await panel.tell(state);
  await panel.page.evaluate(`globalThis.pasted = [];
    document.querySelector('#field').addEventListener('paste', (event) => pasted.push(event.defaultPrevented));
    globalThis.fronts = 0;
    document.addEventListener('livelet-panel-front', () => { fronts += 1; });`);
  await panel.page.locator('#field').click();
  return panel;
}

async function paste(panel: PanelPage): Promise<void> {
  await panel.page.keyboard.press('Control+v');
}

/** What became of pastes. */
const COUNTS = "[pasted, fronts, posted.filter(({ json }) => json.type === 'chosen').length]";

async function chosen(panel: PanelPage): Promise<string[]> {
  await panel.until("posted.some(({ json }) => json.type === 'chosen')");
  const messages = (await panel.posted()).map(({ json }) => json as { files?: ChosenFile[] });
  return messages.flatMap(({ files = [] }) => files.map(({ path }) => path.join('/'))).toSorted();
}

test.serial(
  'the operator’s files are sent when they are pasted anywhere, and the page hears that',
  async (t) => {
    await using panel = await open(COURIER);
    await copyFiles('report.pdf', 'photos');
    for (const keys of ['Control+v', 'Shift+Insert']) {
      await panel.page.keyboard.press(keys);
      t.deepEqual(await chosen(panel), ['photos', 'photos/empty', 'photos/x.txt', 'report.pdf']);
    }
    t.deepEqual(await panel.page.evaluate('[pasted, fronts, field.value]'), [[true, true], 2, '']);
    t.deepEqual(panel.problems, []);
  },
);

test.serial('a key that is held sends them once', async (t) => {
  await using panel = await open(COURIER);
  await copyFiles('report.pdf');
  const { keyboard } = panel.page;
  await keyboard.down('Control');
  for (let n = 0; n < 3; n += 1) await keyboard.down('v');
  await keyboard.up('v');
  await keyboard.up('Control');
  t.deepEqual(await chosen(panel), ['report.pdf']);
  t.deepEqual(await panel.page.evaluate('[pasted, fronts]'), [[true, true, true], 1]);
});

test.serial('the middle button, which pastes what was marked, sends nothing', async (t) => {
  await using panel = await open(COURIER);
  await copy(pathToFileURL(join(folder, 'report.pdf')).href, 'text/uri-list', 'primary');
  await panel.page.locator('#field').click({ button: 'middle' });
  await panel.page.locator('#field').press('Escape');
  t.deepEqual(await panel.page.evaluate(COUNTS), [[true], 0, 0]);
});

test.serial('while sending isn’t allowed it says what to do', async (t) => {
  await using panel = await open(COURIER, { ...STATE, maySend: false });
  await copyFiles('report.pdf');
  await paste(panel);
  await panel.page.getByRole('alert').getByText('You pasted files, and sending isn’t allowed now.').waitFor();
  t.deepEqual(await panel.page.evaluate(COUNTS), [[true], 1, 0]);
  await panel.tell(STATE);
  await panel.page.getByRole('alert').waitFor({ state: 'detached' });
});

test.serial('text and pictures are left to others', async (t) => {
  await using panel = await open(COURIER);
  for (const [content, target] of [
    ['words', 'UTF8_STRING'],
    [solidPng(20, 10, 0xff0000), 'image/png'],
  ] as const) {
    await copy(content, target);
    await paste(panel);
  }
  t.deepEqual(await panel.page.evaluate(COUNTS), [[false, false], 0, 0]);
  t.is(await panel.page.locator('#field').inputValue(), 'words');
});

test.serial('the customer’s are put on offer, if that is allowed', async (t) => {
  await using panel = await open(DEPOT, { ...STATE, maySend: false, mayTake: false });
  await copyFiles('report.pdf');
  await paste(panel);
  await panel.page.getByRole('alert').getByText('You pasted files.').waitFor();
  t.deepEqual(await panel.posted(), []);
  await panel.tell(STATE);
  await panel.page.getByRole('alert').waitFor({ state: 'detached' });
  await paste(panel);
  t.deepEqual(await chosen(panel), ['report.pdf']);
});
