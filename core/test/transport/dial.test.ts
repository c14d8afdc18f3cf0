import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { LiveletError } from '../../src/errors.js';
import { relayAddress } from '../../src/transport/deployment.js';
import { dialRelay } from '../../src/transport/dial.js';
import { RELAY_ALPN } from '../../src/transport/relay-protocol.js';
import { dialTls } from '../../src/transport/tls-dial.js';
import { ManualClock } from '../../test-support/manual-clock.js';
import { type StandIn, standIn, type Way } from './relay-stand-in.js';

/** A box on the way to the relay that sees which protocol is asked for, and lets pass what it is told to. */
class Middlebox {
  readonly #arrivals = new EventEmitter();
  readonly #waiting = new Map<Way, Socket>();
  readonly #sockets = new Set<Socket>();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (hello) => {
      socket.pause();
      socket.unshift(hello);
      const way = hello.includes(RELAY_ALPN) ? 'tls-tcp' : 'websocket';
      this.#waiting.set(way, socket);
      this.#arrivals.emit(way);
    });
  }

  /** The end's socket, once it has asked for this way. */
  async asked(way: Way): Promise<Socket> {
    if (!this.#waiting.has(way)) await once(this.#arrivals, way, { signal: AbortSignal.timeout(20_000) });
    return this.#waiting.get(way) as Socket;
  }

  async pass(way: Way): Promise<void> {
    const socket = await this.asked(way);
    const relay = connect(this.#port, '127.0.0.1').on('error', () => {});
    socket.pipe(relay).pipe(socket);
    socket.on('close', () => relay.destroy());
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async refuse(way: Way): Promise<void> {
    (await this.asked(way)).destroy();
  }
}

async function behindBox(
  t: ExecutionContext,
): Promise<{ relay: StandIn; box: Middlebox; deployment: StandIn['deployment'] }> {
  const relay = await standIn(t);
  const box = new Middlebox(relayAddress(relay.deployment).port);
  const server = createServer((socket) => box.take(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    box.close();
  });
  const { port } = server.address() as AddressInfo;
  return { relay, box, deployment: { ...relay.deployment, relayUrl: `wss://localhost:${port}` } };
}

test('TLS-TCP that works at once is the only connection', async (t) => {
  const { deployment, connections, next } = await standIn(t);
  const clock = new ManualClock();
  const arrived = next();
  const link = await dialRelay({ deployment, clock });
  await arrived;
  t.deepEqual(link.route, { kind: 'tls-tcp', why: 'first' });
  t.is(connections(), 1);
  await clock.advance(500);
  t.is(connections(), 1);
  link.close();
});

test('a WebSocket is tried as soon as TLS-TCP is refused', async (t) => {
  const { box, deployment } = await behindBox(t);
  const dialling = dialRelay({ deployment, clock: new ManualClock() });
  await box.refuse('tls-tcp');
  await box.pass('websocket');
  const link = await dialling;
  t.deepEqual(link.route, { kind: 'websocket', why: 'tcp-blocked' });
  link.close();
});

test('a WebSocket is tried beside a TLS-TCP that is swallowed, which is given up when it is through', async (t) => {
  const { relay, box, deployment } = await behindBox(t);
  const clock = new ManualClock();
  const dialling = dialRelay({ deployment, clock });
  const swallowed = await box.asked('tls-tcp');
  const gone = once(swallowed, 'close');
  swallowed.resume();
  await clock.advance(500);
  await box.pass('websocket');
  const link = await dialling;
  t.deepEqual(link.route, { kind: 'websocket', why: 'tcp-blocked' });
  await gone;
  t.is(relay.connections(), 1);
  link.close();
});

test('a TLS-TCP that was only slow wins over a WebSocket that isn’t there yet', async (t) => {
  const { relay, box, deployment } = await behindBox(t);
  const clock = new ManualClock();
  const arrived = relay.next();
  const dialling = dialRelay({ deployment, clock });
  await box.asked('tls-tcp');
  await clock.advance(500);
  const late = await box.asked('websocket');
  const gone = once(late, 'close');
  late.resume();
  await box.pass('tls-tcp');
  const link = await dialling;
  t.deepEqual(link.route, { kind: 'tls-tcp', why: 'first' });
  await gone;
  await arrived;
  t.is(relay.connections(), 1);
  link.close();
});

const ENDS: Record<string, (box: Middlebox, clock: ManualClock, give: AbortController) => Promise<unknown>> =
  {
    'relay-unreachable': async (box, clock) => {
      await box.asked('tls-tcp');
      await clock.advance(500);
      await box.asked('websocket');
      await clock.advance(9_500);
    },
    cancelled: async (box, _clock, give) => {
      await box.asked('tls-tcp');
      give.abort();
    },
  };
for (const [code, happens] of Object.entries(ENDS)) {
  test(`both ways that hang end as ${code} and leave nothing open`, async (t) => {
    const { box, deployment } = await behindBox(t);
    const clock = new ManualClock();
    const give = new AbortController();
    const dialling = dialRelay({ deployment, clock, signal: give.signal });
    const socket = box.asked('tls-tcp');
    const outcome = t.throwsAsync(dialling, { instanceOf: LiveletError });
    await happens(box, clock, give);
    t.is((await outcome)?.code, code as LiveletError['code']);
    const left = await socket;
    left.resume();
    if (!left.closed) await once(left, 'close');
    t.is(clock.pending, 0);
  });
}

test('another key ends the dial at the first way', async (t) => {
  const { deployment, connections } = await standIn(t);
  const other = { ...deployment, pins: [`sha256/${'A'.repeat(43)}=`] };
  const error = await t.throwsAsync(dialRelay({ deployment: other, clock: new ManualClock() }));
  t.like(error, { code: 'relay-certificate-not-pinned' });
  t.true(connections() <= 1);
});

test('the relay’s name is asked for, an address isn’t', async (t) => {
  const relay = await standIn(t);
  const { port } = relayAddress(relay.deployment);
  for (const relayUrl of [`wss://localhost:${port}`, `wss://127.0.0.1:${port}`]) {
    const arrived = relay.next();
    const link = await dialRelay({ deployment: { ...relay.deployment, relayUrl }, clock: new ManualClock() });
    await arrived;
    link.close();
  }
  t.deepEqual(relay.names, ['localhost', undefined]);
});

test('a TLS connection for other uses goes the same way', async (t) => {
  const { deployment } = await standIn(t);
  const socket = await dialTls({ deployment, protocol: 'http/1.1', clock: new ManualClock() });
  t.is(socket.alpnProtocol, 'http/1.1');
  socket.destroy();
});
