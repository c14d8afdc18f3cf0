import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../src/clock.js';
import type { LiveletError } from '../../src/errors.js';
import { dialRelay } from '../../src/transport/dial.js';
import type { RelayLink } from '../../src/transport/relay-link.js';
import { CloseReason } from '../../src/transport/relay-protocol.js';
import { MAX_TRANSPORT_FRAME, type Transport } from '../../src/transport/transport.js';
import { type RelaySide, standIn, type Way } from './relay-stand-in.js';

const WAYS: readonly Way[] = ['tls-tcp', 'websocket'];
/** What an end says when it is done. */
const GOODBYE = { 'tls-tcp': CloseReason.peerClosed, websocket: 1000 };

async function connected(t: ExecutionContext, way: Way): Promise<{ link: RelayLink; relay: RelaySide }> {
  const server = await standIn(t, [way]);
  const next = server.next();
  const link = await dialRelay({ deployment: server.deployment, clock: systemClock });
  t.teardown(() => link.close());
  const relay = await next;
  t.is(link.kind, way);
  return { link, relay };
}

/** Attaches and collects; `closed` resolves with the code of the error, or `in good order`. */
function listen(transport: Transport): {
  frames: Uint8Array[];
  arrived(count: number): Promise<void>;
  closed: Promise<string>;
  drained: Promise<void>;
} {
  const frames: Uint8Array[] = [];
  const drained = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<string>();
  let check = (): void => {};
  transport.attach({
    frame: (bytes) => {
      frames.push(bytes);
      check();
    },
    drained: drained.resolve,
    closed: (error) => closed.resolve(error?.code ?? 'in good order'),
  });
  const arrived = (count: number): Promise<void> =>
    new Promise((resolve) => {
      check = () => frames.length >= count && resolve();
      check();
    });
  return { frames, arrived, closed: closed.promise, drained: drained.promise };
}

const never = new AbortController().signal;

for (const way of WAYS) {
  test(`${way}: messages before the splice, frames after it, in order`, async (t) => {
    const { link, relay } = await connected(t, way);
    relay.message('one');
    relay.message('two');
    relay.frame(Buffer.of(1));
    relay.frame(Buffer.of(2));
    relay.close(CloseReason.peerClosed);
    t.is(await link.nextMessage(never), 'one');
    t.is(await link.nextMessage(never), 'two');
    const { frames, closed } = listen(link);
    t.is(await closed, 'in good order');
    t.deepEqual(
      frames.map((frame) => [...frame]),
      [[1], [2]],
    );
  });

  test(`${way}: an attached transport passes frames both ways`, async (t) => {
    const { link, relay } = await connected(t, way);
    const { frames, arrived } = listen(link);
    link.sendMessage('hello');
    t.is(await relay.heard(), 'hello');
    const frame = randomBytes(MAX_TRANSPORT_FRAME);
    link.send(frame);
    t.deepEqual(await relay.heard(), frame);
    relay.ping();
    relay.frame(frame);
    await arrived(1);
    t.true(frame.equals(frames[0] ?? Buffer.of()));
  });

  test(`${way}: send pushes back above 32 KiB and tells when it is drained`, async (t) => {
    const { link, relay } = await connected(t, way);
    const { drained } = listen(link);
    relay.pause();
    const frame = randomBytes(1024);
    let sent = 0;
    while (link.send(frame)) sent += 1;
    t.true(link.bufferedBytes > 32 * 1024);
    t.true(sent > 0);
    relay.resume();
    await drained;
    t.true(link.bufferedBytes <= 16 * 1024);
  });

  const CLOSINGS: Record<string, [close: (relay: RelaySide) => void, expected: string]> = {
    'the relay’s goodbye': [(relay) => relay.close(CloseReason.shuttingDown), 'relay-closed'],
    'a lost peer': [(relay) => relay.close(CloseReason.peerLost), 'session-interrupted'],
    'a peer that closed': [(relay) => relay.close(CloseReason.peerClosed), 'in good order'],
    'a cut connection': [(relay) => relay.cut(), 'relay-closed'],
    'too many requests': [(relay) => relay.close(CloseReason.tooManyRequests), 'relay-too-many-requests'],
    'text after the splice': [(relay) => relay.message('hello'), 'relay-protocol'],
    'an empty frame': [(relay) => relay.frame(Buffer.of()), 'relay-protocol'],
    'a frame too large': [(relay) => relay.frame(randomBytes(MAX_TRANSPORT_FRAME + 1)), 'relay-protocol'],
    nonsense: [(relay) => relay.nonsense(), 'relay-protocol'],
    'a reason of another time': [(relay) => relay.close(4999), 'relay-closed'],
  };
  for (const [name, [close, expected]] of Object.entries(CLOSINGS)) {
    test(`${way}: ${name} reads as ${expected}`, async (t) => {
      const { link, relay } = await connected(t, way);
      const { frames, closed } = listen(link);
      close(relay);
      t.is(await closed, expected);
      t.deepEqual(frames, []);
      t.false(link.send(Buffer.of(1)), 'nothing is taken after the close');
      link.sendMessage('nor this');
      await relay.gone;
    });
  }

  test(`${way}: closing sends what is queued, once, and is no error here`, async (t) => {
    const { link, relay } = await connected(t, way);
    const { closed } = listen(link);
    for (let index = 0; index < 40; index += 1) link.send(randomBytes(60_000));
    link.close();
    link.close();
    t.false(link.send(Buffer.of(1)));
    for (let index = 0; index < 40; index += 1) t.is((await relay.heard()).length, 60_000);
    t.is(await relay.gone, GOODBYE[way]);
    t.is(await closed, 'in good order');
  });

  test(`${way}: a relay that answers no goodbye is left after 1 s`, async (t) => {
    const { link, relay } = await connected(t, way);
    const { closed } = listen(link);
    relay.pause();
    link.close();
    t.is(await closed, 'in good order');
  });

  test(`${way}: a frame or an overlong text instead of a message is refused`, async (t) => {
    for (const send of [
      (relay: RelaySide) => relay.frame(Buffer.of(1)),
      (relay: RelaySide) => relay.message('x'.repeat(1025)),
    ]) {
      const { link, relay } = await connected(t, way);
      send(relay);
      t.like(await t.throwsAsync(link.nextMessage(never)), { code: 'relay-protocol' });
    }
  });

  test(`${way}: a message that never comes ends with the signal or the connection`, async (t) => {
    const { link, relay } = await connected(t, way);
    const controller = new AbortController();
    const first = link.nextMessage(controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    t.is(await t.throwsAsync(first), reason);
    const second = link.nextMessage(never);
    relay.close(CloseReason.codeExpired);
    t.is(((await t.throwsAsync(second)) as LiveletError).code, 'code-not-valid');
  });

  test(`${way}: frames of a size that no transport carries are a mistake of ours`, async (t) => {
    const { link } = await connected(t, way);
    for (const size of [0, MAX_TRANSPORT_FRAME + 1]) {
      t.like(
        t.throws(() => link.send(new Uint8Array(size))),
        { code: 'internal' },
      );
    }
  });
}
