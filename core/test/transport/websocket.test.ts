import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import type { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.js';
import type { LiveletError } from '../../src/errors.js';
import { dialRelay } from '../../src/transport/dial.js';
import type { RelayLink } from '../../src/transport/relay-link.js';
import { CloseReason } from '../../src/transport/relay-protocol.js';
import { MAX_TRANSPORT_FRAME, type Transport } from '../../src/transport/transport.js';
import { standIn } from './relay-stand-in.js';

async function connected(t: ExecutionContext): Promise<{ link: RelayLink; relay: WebSocket }> {
  const server = await standIn(t);
  const next = server.next();
  const link = await dialRelay({ deployment: server.deployment, path: '/x', clock: systemClock });
  t.teardown(() => link.close());
  return { link, relay: await next };
}

/** Attaches and collects; `closed` resolves with the code of the error, or `in good order`. */
function listen(transport: Transport): {
  frames: Uint8Array[];
  closed: Promise<string>;
  drained: Promise<void>;
} {
  const frames: Uint8Array[] = [];
  let drain = (): void => {};
  const drained = new Promise<void>((resolve) => {
    drain = resolve;
  });
  const closed = new Promise<string>((resolve) => {
    transport.attach({
      frame: (bytes) => frames.push(bytes),
      drained: drain,
      closed: (error) => resolve(error?.code ?? 'in good order'),
    });
  });
  return { frames, closed, drained };
}

const never = new AbortController().signal;

test('messages before the splice, frames after it, in order', async (t) => {
  const { link, relay } = await connected(t);
  relay.send('one');
  relay.send('two');
  relay.send(Buffer.of(1));
  relay.send(Buffer.of(2));
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

test('an attached transport passes frames both ways', async (t) => {
  const { link, relay } = await connected(t);
  const { frames } = listen(link);
  const frame = randomBytes(MAX_TRANSPORT_FRAME);
  const echoed = once(relay, 'message');
  link.send(frame);
  const [data, isBinary] = await echoed;
  t.true(isBinary);
  t.true(frame.equals(data));
  relay.send(frame);
  relay.close(1000);
  await once(relay, 'close');
  t.true(frame.equals(frames[0] ?? Buffer.of()));
});

test('send pushes back above 32 KiB and tells when it is drained', async (t) => {
  const { link, relay } = await connected(t);
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

const CLOSINGS: Record<string, [close: (relay: WebSocket) => void, expected: string]> = {
  'the relay’s goodbye': [(relay) => relay.close(CloseReason.shuttingDown), 'relay-closed'],
  'a lost peer': [(relay) => relay.close(CloseReason.peerLost), 'session-interrupted'],
  'a peer that closed': [(relay) => relay.close(CloseReason.peerClosed), 'in good order'],
  'a cut connection': [(relay) => relay.terminate(), 'relay-closed'],
  'too many requests': [(relay) => relay.close(CloseReason.tooManyRequests), 'relay-too-many-requests'],
  'text after the splice': [(relay) => relay.send('hello'), 'relay-protocol'],
  'an empty frame': [(relay) => relay.send(Buffer.of()), 'relay-protocol'],
  'a frame too large': [(relay) => relay.send(randomBytes(MAX_TRANSPORT_FRAME + 1)), 'relay-protocol'],
  'a close without a code': [(relay) => relay.close(), 'relay-closed'],
};
for (const [name, [close, expected]] of Object.entries(CLOSINGS)) {
  test(`${name} reads as ${expected}`, async (t) => {
    const { link, relay } = await connected(t);
    const { frames, closed } = listen(link);
    close(relay);
    t.is(await closed, expected);
    t.deepEqual(frames, []);
    t.false(link.send(Buffer.of(1)), 'nothing is taken after the close');
  });
}

test('closing sends what is queued, once, and is no error here', async (t) => {
  const { link, relay } = await connected(t);
  const { closed } = listen(link);
  let frames = 0;
  relay.on('message', () => {
    frames += 1;
  });
  const told = once(relay, 'close');
  for (let index = 0; index < 40; index += 1) link.send(randomBytes(60_000));
  link.close();
  link.close();
  t.false(link.send(Buffer.of(1)));
  t.is((await told)[0], 1000);
  t.is(frames, 40);
  t.is(await closed, 'in good order');
});

test('a relay that answers no goodbye is left after 1 s', async (t) => {
  const { link, relay } = await connected(t);
  const { closed } = listen(link);
  relay.pause();
  link.close();
  t.is(await closed, 'in good order');
});

test('a frame or an overlong text instead of a message is refused', async (t) => {
  for (const unexpected of [Buffer.of(1), 'x'.repeat(1025)]) {
    const { link, relay } = await connected(t);
    relay.send(unexpected);
    t.like(await t.throwsAsync(link.nextMessage(never)), { code: 'relay-protocol' });
  }
});

test('a message that never comes ends with the signal or the connection', async (t) => {
  const { link, relay } = await connected(t);
  const controller = new AbortController();
  const first = link.nextMessage(controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  t.is(await t.throwsAsync(first), reason);
  const second = link.nextMessage(never);
  relay.close(CloseReason.codeExpired);
  t.is(((await t.throwsAsync(second)) as LiveletError).code, 'code-not-valid');
});

test('frames of a size that no transport carries are a mistake of ours', async (t) => {
  const { link } = await connected(t);
  for (const size of [0, MAX_TRANSPORT_FRAME + 1]) {
    t.like(
      t.throws(() => link.send(new Uint8Array(size))),
      { code: 'internal' },
    );
  }
});
