import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import {
  decodeInputReply,
  encodeInput,
  type InputMessage,
  messageStream,
  type SessionChannel,
} from '@livelet/core';
import test from 'ava';
import { chromium } from 'playwright-core';
import { pressAllow, startCustomer, typeCode } from './customer.js';
import { granted, startWorld, waitingOperator } from './world.js';

const run = promisify(execFile);
const PATH = '/livelet/input/1';

test('an operator with control can’t give themself more: no click and no key reaches the panel', async (t) => {
  await using world = await startWorld();
  await using screen = await startXvfb({ width: 900, height: 1000 });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: false,
    args: ['--no-sandbox', '--window-position=0,0', '--window-size=700,900'],
    env: { ...process.env, DISPLAY: screen.name },
  });
  await using resources = new AsyncDisposableStack();
  resources.defer(() => browser.close());
  const customer = resources.use(await startCustomer(browser, { ...world, display: screen }, { width: 600 }));
  const { page } = customer;
  const operator = await waitingOperator(world.relay);
  await typeCode(page, operator.code);
  const session = await operator.session();
  await page.getByRole('switch', { name: 'See your screen' }).uncheck();
  await page.getByRole('switch', { name: 'Use your mouse and keyboard' }).check();
  await pressAllow(page);
  await granted(session, 'control');

  const view = page.getByRole('switch', { name: 'see your screen' });
  const place = await view.boundingBox();
  const frame = (await page.evaluate('({ x: screenX, y: screenY + outerHeight - innerHeight })')) as {
    x: number;
    y: number;
  };
  if (!place) return t.fail('the switch has no place');
  const x = Math.round(frame.x + place.x + place.width / 2);
  const y = Math.round(frame.y + place.y + place.height / 2);

  await view.focus();
  const injected = inject(session, [
    { type: 'button', button: 'left', down: true, x, y },
    { type: 'button', button: 'left', down: false, x, y },
    { type: 'key', code: 'Space', down: true, character: ' ' },
    { type: 'key', code: 'Space', down: false, character: ' ' },
    { type: 'text', text: ' ' },
  ]);
  const gotThrough = granted(session, 'view').then(() => 'the operator allowed it to themself');
  t.deepEqual(await Promise.race([injected, gotThrough]), ['button', 'key', 'text']);
  t.false(session.peerGrants.isGranted('view'));

  // The same click by somebody at the computer, to know that the one above was aimed well.
  await run('xdotool', ['mousemove', String(x), String(y), 'click', '1'], {
    env: { ...process.env, DISPLAY: screen.name },
  });
  await granted(session, 'view');
  await session.end('person');
});

/** Sends all of it; gives what was refused as the host's own, each kind once, when every kind has been. */
async function inject(session: SessionChannel, messages: readonly InputMessage[]): Promise<string[]> {
  using channel = session.pluginChannel({ serves: [], opens: [{ path: PATH, priority: 'input' }] });
  const stream = messageStream(await channel.open(PATH), 2048);
  const kinds = new Set(messages.map(({ type }) => type));
  const refused = new Set<string>();
  for (const message of messages) await stream.send(encodeInput(message));
  for await (const bytes of stream) {
    const reply = decodeInputReply(bytes);
    if (reply.refused === 'input-refused-own-window') refused.add(reply.message);
    if (refused.size === kinds.size) break;
  }
  return [...refused];
}
