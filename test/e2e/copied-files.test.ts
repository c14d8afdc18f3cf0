import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import type { Locator } from 'playwright-core';
import { startBrowser } from '../fixtures/session-pages.js';
import { STAGE } from '../fixtures/stage-picture.js';
import { copyOn, pasteOn } from '../fixtures/xclip.js';
import { BRISK, REACTION, startCast } from '../start/cast.js';
import { allow, clickStage, middle, playUntilAllowed } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
/** Once nothing is over it, without any scrolling of the test's own. */
async function inSight(button: Locator): Promise<void> {
  await button.page().waitForFunction(
    `(button) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    let at = document.elementFromPoint(x + width / 2, y + height / 2);
    while (at?.shadowRoot?.elementFromPoint) {
      const inner = at.shadowRoot.elementFromPoint(x + width / 2, y + height / 2);
      if (inner === null || inner === at) break;
      at = inner;
    }
    return at === button;
  }`,
    await button.elementHandle(),
  );
}

const listOf = (...paths: string[]): string => paths.map((path) => pathToFileURL(path).href).join('\r\n');

test.serial(
  'copied files go as files: each way by its own permission, the customer’s by their press',
  async (t) => {
    // Only a browser with a window has the clipboard of its display.
    await using own = await startXvfb({ width: 1440, height: 900 });
    await using console = await startBrowser({ display: own.name, viewport: { width: 1400, height: 800 } });
    console.context.setDefaultTimeout(REACTION);
    await using cast = await startCast(undefined, { ...BRISK, ownHome: true });
    const { customer, session, desktop, folder } = cast;
    const operator = console.page;
    const panel = await playUntilAllowed(operator, customer, session);
    const received = join(folder, 'Downloads/Livelet');
    const courier = operator.locator('livelet-courier');
    const mine = join(folder, 'mine');
    const theirs = join(folder, 'theirs');
    await mkdir(mine);
    await mkdir(theirs);
    const contents = {
      'sent.bin': Buffer.alloc(900_000, 'sent'),
      'given.pdf': Buffer.alloc(700_000, 'given'),
    };
    await writeFile(join(mine, 'sent.bin'), contents['sent.bin']);
    await writeFile(join(theirs, 'given.pdf'), contents['given.pdf']);

    // The operator pastes on the stage.
    await operator.locator(STAGE).waitFor();
    await copyOn(own.name, listOf(join(mine, 'sent.bin')), 'text/uri-list');
    await copyOn(desktop.display, 'lies there');
    await clickStage(operator, desktop, middle(desktop.scene.button));
    await operator.keyboard.press('Control+v');
    await courier.getByRole('alert').getByText('sending isn’t allowed now').waitFor();
    t.true(await operator.getByRole('button', { name: 'Ask to send files' }).isVisible());
    await allow(panel, 'send-files');
    await courier.getByRole('alert').waitFor({ state: 'detached' });
    await clickStage(operator, desktop, middle(desktop.scene.button));
    await operator.keyboard.press('Control+v');
    await courier.locator('.transfer[data-state=done]').waitFor();
    t.is(sha256(await readFile(join(received, 'sent.bin'))), sha256(contents['sent.bin']));

    // The customer copies in a file manager.
    await allow(panel, 'take-clipboard');
    await panel.locator('main').getByText('What you copy is shared now.').waitFor();
    await panel.setViewportSize({ width: 560, height: 800 });
    const list = `${listOf(join(theirs, 'given.pdf'))}\r\nfile:///proc/self/environ`;
    const copied = panel.locator('livelet-copied-files');
    await copyOn(desktop.display, list, 'text/uri-list');
    await copied.getByText('You copied 1 file: given.pdf').waitFor();
    await copied.getByText('first allow your helper').waitFor();
    await inSight(copied.getByRole('button', { name: 'Don’t give' }));
    t.is(await operator.getByText('given.pdf').count(), 0);
    await allow(panel, 'take-files');
    await copied.getByRole('button', { name: 'Don’t give' }).click();
    await copied.getByText('given.pdf').waitFor({ state: 'detached' });
    await copyOn(desktop.display, list, 'text/uri-list');
    await copied.locator('button.ll-primary[aria-disabled=false]').click();
    await copied.getByText('Your helper can receive it now.').waitFor();
    await courier.getByRole('button', { name: 'Receive: given.pdf' }).click();
    await courier.locator('.transfer[data-state=done]').nth(1).waitFor();
    t.is(sha256(await readFile(join(received, 'given.pdf'))), sha256(contents['given.pdf']));
    t.deepEqual((await readdir(received)).toSorted(), ['given.pdf', 'sent.bin']);
    t.is(await pasteOn(desktop.display, 'text/uri-list'), list);
  },
);
