/** What a peer may do to a camera, and a page that goes away: nothing stays open or is said to be. */
import { vp8Header } from '@livelet/compliance';
import {
  CAMERA_PATH,
  createHostContainer,
  encodeCamera,
  MAX_CAMERA_MESSAGE,
  MAX_CAMERA_MESSAGES,
  messageStream,
  SHOW_CAMERA_PATH,
  systemClock,
} from '@livelet/core';
import { connectedSessions, SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import {
  type HostToLens,
  type HostToOwn,
  LENS_PIECE,
  type LensToHost,
  OWN_PIECE,
  type OwnToHost,
  THEIR_PIECE,
  type TheirToHost,
} from '../src/page-protocol.js';
import { asked, filmOn, folder, hostCamera, openLens, Piece, turnOn } from './hosted-camera.js';

/** The customer's half, and an operator's end that is no program of ours. */
async function besideStranger() {
  await using stack = new AsyncDisposableStack();
  const host = stack.use(
    await createHostContainer({ clock: systemClock, plugins: [{ folder, role: 'answerer' }] }),
  );
  const pair = await connectedSessions({ customer: { hello: host.hello() } });
  stack.defer(async () => void (await pair.customer.end('person')));
  const session = stack.use(await host.openSession(pair.customer));
  const their = new Piece<{ readonly type: string; readonly number?: number }, TheirToHost>(
    session,
    THEIR_PIECE,
  );
  const lens = new Piece<HostToLens, LensToHost>(session, LENS_PIECE);
  const own = new Piece<HostToOwn, OwnToHost>(session, OWN_PIECE);
  const stranger = pair.operator.pluginChannel({
    serves: [],
    opens: [CAMERA_PATH, SHOW_CAMERA_PATH].map((path) => ({ path, priority: 'screen' as const })),
  });
  for (const capability of ['camera', 'show-camera'] as const) pair.customer.ownGrants.grant(capability);
  const owned = stack.move();
  return { pair, lens, own, their, stranger, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

test('a flood of frames that are all confirmed is refused', async (t) => {
  await using hosted = await besideStranger();
  const { their, stranger } = hosted;
  their.port.page.onMessage(({ json }) => {
    const { type, number } = json as { type: string; number?: number };
    if (type === 'frame') their.say({ type: 'done', number: number ?? 0 });
  });
  const stream = await stranger.open(SHOW_CAMERA_PATH);
  const messages = messageStream(stream, MAX_CAMERA_MESSAGE);
  let number = 0;
  const send = (): void => {
    const frame = { number, key: true, width: 32, height: 16, chunk: vp8Header(true, 32, 16) };
    messages.send(encodeCamera({ type: 'frame', ...frame })).catch(() => undefined);
    number += 1;
  };
  send();
  await t.throwsAsync(async () => {
    for await (const _ of messages) send();
  });
  t.is(await stream.closed, 'request-too-soon');
  t.is(number, MAX_CAMERA_MESSAGES + 1);
});

test('a camera doesn’t blink as fast as a stranger can look away', async (t) => {
  await using hosted = await besideStranger();
  const looks = async (): Promise<void> => {
    for (let look = 0; look < 30; look++) (await hosted.stranger.open(CAMERA_PATH)).reset('cancelled');
  };
  await t.throwsAsync(looks, { code: 'request-too-soon' });
});

test('however often the helper opens theirs, the receipt has the customer’s', async (t) => {
  await using hosted = await besideStranger();
  const stream = await hosted.stranger.open(SHOW_CAMERA_PATH);
  const messages = messageStream(stream, MAX_CAMERA_MESSAGE);
  const { their, pair } = hosted;
  for (let number = 0; number < 25; number++) {
    const frame = { number, key: true, width: 32, height: 16, chunk: vp8Header(true, 32, 16) };
    await messages.send(encodeCamera({ type: 'frame', ...frame }));
    await their.until((last) => last?.number === number);
    their.say({ type: 'done', number });
    await messages.send(encodeCamera({ type: 'off' }));
  }
  await hosted.stranger.open(CAMERA_PATH);
  await openLens(hosted);
  await hosted.own.until((last) => last?.state === 'on');
  const whose = pair.customer.receipt.entries.flatMap((entry) =>
    entry.kind === 'noted' ? [entry.facts.whose] : [],
  );
  t.is(whose.filter((one) => one === 'helper').length, 20);
  t.is(whose.at(-1), 'customer');
});

test('a page that is gone has no camera open, and neither screen says that it has', async (t) => {
  await using hosted = await hostCamera();
  const { operator, customer } = hosted;
  await hosted.grant('show-camera');
  const id = await turnOn(operator);
  await customer.their.until((last) => last?.type === 'state' && last.state === 'waiting');
  filmOn(operator, id, true);
  await customer.their.until((last) => last?.type === 'frame');
  operator.lens.port.page.close();
  await operator.own.until((last) => last?.state === 'opening');
  await customer.their.until((last) => last?.type === 'state' && last.state === 'waiting');
  t.is(operator.own.told.at(-1)?.state, 'opening');
});

test('a second page takes the camera from the first', async (t) => {
  await using hosted = await hostCamera();
  const { customer } = hosted;
  await hosted.grant('camera');
  await openLens(customer);
  const first = customer.lens;
  const second = hosted.anotherCustomersLens();
  await second.until(() => second.told.some(({ type }) => type === 'open'));
  await first.until((last) => last?.type === 'close');
  t.is(first.told.at(-1)?.type, 'close');
});

test('the operator’s camera is closed while the line is lost, and opened again with it', async (t) => {
  const relay = new SimulatedRelay();
  await using hosted = await hostCamera(relay);
  const { operator } = hosted;
  await hosted.grant('show-camera');
  await turnOn(operator);
  relay.down = true;
  hosted.pair.link.cut();
  await operator.lens.until(() => asked(operator)?.type === 'close');
  await operator.own.until((last) => last?.state === 'waiting');
  relay.down = false;
  await hosted.pair.clock.advance(12_000);
  await openLens(operator);
  await operator.own.until((last) => last?.state === 'on');
  operator.own.say({ type: 'off' });
  await operator.own.until((last) => last?.state === 'off');
  t.is(asked(operator)?.type, 'close');
});

test('turned off while the line is lost, the operator’s camera stays closed', async (t) => {
  const relay = new SimulatedRelay();
  await using hosted = await hostCamera(relay);
  const { operator } = hosted;
  await hosted.grant('show-camera');
  operator.own.say({ type: 'on' });
  await openLens(operator);
  relay.down = true;
  hosted.pair.link.cut();
  await operator.own.until((last) => last?.state === 'waiting');
  operator.own.say({ type: 'off' });
  await operator.own.until((last) => last?.state === 'off');
  relay.down = false;
  const opened = operator.lens.told.filter(({ type }) => type === 'open').length;
  await hosted.pair.clock.advance(12_000);
  t.is(operator.lens.told.filter(({ type }) => type === 'open').length, opened);
});
