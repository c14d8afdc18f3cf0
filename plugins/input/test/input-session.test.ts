import { startXvfb } from '@livelet/compliance';
import { type InputMessage, systemClock } from '@livelet/core';
import test from 'ava';
import { XConnection } from '../src/x-connection.js';
import { type HostedInput, hostInput, type InputPage } from './hosted-input.js';
import { RecordingClient } from './recording-client.js';

interface Desk extends AsyncDisposable {
  readonly display: string;
  readonly hosted: HostedInput;
  readonly client: RecordingClient;
  readonly watcher: XConnection;
  readonly page: InputPage;
  loseDisplay(): Promise<void>;
}

async function desk(resumable = false): Promise<Desk> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb({ width: 640, height: 480 }));
  const client = stack.use(await RecordingClient.open(server.name));
  await client.focus(await client.window(0, 0, 640, 480));
  const watcher = stack.use(await XConnection.open(server.name, systemClock));
  const hosted = stack.use(await hostInput(server.name, { resumable }));
  const page = hosted.page();
  await page.heard(({ type }) => type === 'state');
  const owned = stack.move();
  return {
    display: server.name,
    hosted,
    client,
    watcher,
    page,
    loseDisplay: async () => await server[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function grant({ hosted, page }: Desk): Promise<void> {
  hosted.pair.customer.ownGrants.grant('control');
  await page.heard((message) => message.type === 'state' && message.control);
}

test.serial('control that is taken back is told as that, and as no fault', async (t) => {
  await using at = await desk();
  await grant(at);
  at.hosted.pair.customer.ownGrants.revoke('control');
  const told = await at.page.heard((message) => message.type === 'state' && message.over !== undefined);
  t.like(told, { control: false, over: 'revoked', error: undefined });
});

const CLICK: readonly InputMessage[] = [
  { type: 'button', button: 'left', down: true, x: 50, y: 60 },
  { type: 'button', button: 'left', down: false, x: 50, y: 60 },
];
const HOLD: readonly InputMessage[] = [
  { type: 'key', code: 'ControlLeft', down: true },
  { type: 'key', code: 'ArrowLeft', down: true },
  { type: 'button', button: 'middle', down: true, x: 5, y: 6 },
];

test.serial('nothing reaches the display before control is granted, and a click does after', async (t) => {
  await using at = await desk();
  at.page.send(...CLICK);
  await grant(at);
  at.page.send({ type: 'key', code: 'Enter', down: true });
  await at.client.event(({ name }) => name === 'KeyPress');
  t.deepEqual(at.client.names(), ['KeyPress 36']);
  at.page.send(...CLICK);
  const up = await at.client.event(({ name }) => name === 'ButtonRelease');
  t.deepEqual([up.rootx, up.rooty], [50, 60]);
});

test.serial('what is refused is told to the page once, and each press again', async (t) => {
  await using at = await desk();
  await grant(at);
  at.page.send(
    { type: 'move', x: 6000, y: 1 },
    { type: 'wheel', dx: 0, dy: 1, x: 6000, y: 1 },
    { type: 'move', x: 6000, y: 2 },
    { type: 'wheel', dx: 0, dy: 1, x: 6000, y: 1 },
    ...CLICK,
  );
  await at.client.event(({ name }) => name === 'ButtonRelease');
  t.deepEqual(
    at.page.messages.filter(({ type }) => type === 'refused'),
    ['move', 'wheel', 'wheel'].map((message) => ({
      type: 'refused',
      refused: 'input-outside-screen',
      message,
    })) as typeof at.page.messages,
  );
});

const ENDS: readonly (readonly [string, (at: Desk) => unknown])[] = [
  ['control is revoked', ({ hosted }) => hosted.pair.customer.ownGrants.revoke('control')],
  ['the operator ends the session', ({ hosted }) => hosted.pair.operator.end('person')],
  ['the customer ends the session', ({ hosted }) => hosted.pair.customer.end('person')],
  ['the connection is lost', ({ hosted }) => hosted.pair.link.cut()],
  ['the page goes away', ({ page }) => page.port.close()],
  ['the page says so', ({ page }) => page.send({ type: 'release-all' })],
  ["the target's half is stopped", ({ hosted }) => hosted.stopTarget()],
];
for (const [when, end] of ENDS) {
  test.serial(`nothing stays pressed when ${when}`, async (t) => {
    await using at = await desk();
    await grant(at);
    at.page.send(...HOLD);
    await at.client.event(({ name }) => name === 'ButtonPress');
    t.not((await at.watcher.pointer()).keyMask, 0);
    await end(at);
    await at.client.event(({ name, keycode }) => name === 'KeyRelease' && keycode === 37);
    await at.client.event(({ name }) => name === 'ButtonRelease');
    t.is((await at.watcher.pointer()).keyMask, 0);
    t.true((await at.watcher.keysDown()).every((bits) => bits === 0));
  });
}

test.serial(
  'a drop releases all, what is pressed meanwhile is nothing, and control comes back',
  async (t) => {
    await using at = await desk(true);
    const { pair, relay } = at.hosted;
    await grant(at);
    at.page.send(...HOLD);
    await at.client.event(({ name }) => name === 'ButtonPress');
    relay.down = true;
    at.page.messages.splice(0);
    pair.link.cut();
    await at.client.event(({ name }) => name === 'ButtonRelease');
    // The last to come up.
    await at.client.event(({ name, keycode }) => name === 'KeyRelease' && keycode === 37);
    await at.page.heard((message) => message.type === 'state' && !message.control);
    t.is((await at.watcher.pointer()).keyMask, 0);
    at.page.send({ type: 'key', code: 'KeyA', down: true }, { type: 'key', code: 'KeyA', down: false });
    relay.down = false;
    at.page.messages.splice(0);
    await pair.clock.advance(5_000);
    await at.page.heard((message) => message.type === 'state' && message.control);
    at.page.send({ type: 'key', code: 'KeyB', down: true });
    await at.client.event(({ name, keycode }) => name === 'KeyPress' && keycode === 56);
    t.false(at.client.names().includes('KeyPress 38'));
    t.is(pair.operator.statistics().resumes, 1);
  },
);

test.serial('a revoked text stops where it is', async (t) => {
  await using at = await desk();
  await grant(at);
  at.page.send({ type: 'text', text: 'a'.repeat(1000) }, { type: 'text', text: 'b'.repeat(1000) });
  await at.client.event(({ name }) => name === 'KeyPress');
  at.hosted.pair.customer.ownGrants.revoke('control');
  await at.hosted.stopTarget();
  await at.client.sync();
  t.true(at.client.names().filter((name) => name.startsWith('KeyPress')).length < 1000);
});

test.serial('what is held comes up while a text before the release is still written', async (t) => {
  await using at = await desk();
  await grant(at);
  at.page.send(...HOLD);
  await at.client.event(({ name }) => name === 'ButtonPress');
  const text = { type: 'text', text: 'a'.repeat(300) } as const;
  at.page.send(text, text, { type: 'release-all' }, { type: 'key', code: 'Enter', down: true });
  // After all of it.
  await at.client.event(({ name, keycode }) => name === 'KeyPress' && keycode === 36);
  const names = at.client.names();
  const written = names.flatMap((name, index) => (name === 'KeyPress 38' ? [index] : []));
  t.is(written.length, 600);
  t.true(names.indexOf('ButtonRelease 2') < (written.at(-1) ?? 0), 'before the end of the text');
  t.is(names.filter((name) => name === 'KeyPress 37').length, 1, 'no key is put down again after it');
});

test.serial('control that is granted again works again', async (t) => {
  await using at = await desk();
  await grant(at);
  at.hosted.pair.customer.ownGrants.revoke('control');
  await at.page.heard(
    (message) => message === at.page.messages.at(-1) && message.type === 'state' && !message.control,
  );
  at.page.messages.splice(0);
  await grant(at);
  at.page.send(...CLICK);
  const release = await at.client.event(({ name }) => name === 'ButtonRelease');
  t.is(release.name, 'ButtonRelease');
});

test.serial(
  '100,000 moves at once cost little, and the last of them is where the pointer ends',
  async (t) => {
    await using at = await desk();
    await grant(at);
    for (let n = 0; n < 100_000; n += 1) at.page.send({ type: 'move', x: n % 640, y: n % 480 });
    at.page.send({ type: 'button', button: 'left', down: true, x: 123, y: 45 });
    const press = await at.client.event(({ name }) => name === 'ButtonPress');
    t.deepEqual([press.rootx, press.rooty], [123, 45]);
    t.true(at.client.events.filter(({ name }) => name === 'MotionNotify').length < 10_000);
  },
);

test.serial('after more moves than the line takes the pointer rests where the last one was', async (t) => {
  await using at = await desk();
  await grant(at);
  for (let n = 0; n < 1000; n += 1) at.page.send({ type: 'move', x: n % 640, y: n % 480 });
  at.page.send({ type: 'move', x: 321, y: 123 });
  const last = await at.client.event(
    ({ name, rootx, rooty }) => name === 'MotionNotify' && rootx === 321 && rooty === 123,
  );
  t.is(last.name, 'MotionNotify');
});

test.serial('a display that is lost ends control with its code', async (t) => {
  await using at = await desk();
  await grant(at);
  at.page.send(...CLICK);
  await at.client.event(({ name }) => name === 'ButtonRelease');
  await at.loseDisplay();
  const state = await at.page.heard((message) => message.type === 'state' && message.error !== undefined);
  t.like(state, { control: false, error: 'display-lost' });
});
