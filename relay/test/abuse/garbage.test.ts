import { FrameKind, RELAY_ALPN, tcpFrame } from '@livelet/core/wire';
import test from 'ava';
import fc from 'fast-check';
import { startVictim, type Victim } from './victim.js';
import { gone, sourceOf, tcp, tls } from './visitor.js';

const RUNS = 60;

/** Sends bytes and hangs up; resolves when the relay has let go, too. */
async function throwAt(
  victim: Victim,
  protocol: string | undefined,
  bytes: Uint8Array,
  run: number,
): Promise<void> {
  const source = sourceOf(run);
  const socket = await (protocol === undefined
    ? tcp(victim.port, source)
    : tls(victim.port, protocol, source));
  socket.resume();
  const closed = gone(socket);
  socket.end(bytes);
  await closed;
}

const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text.slice(0, 1024) || ' '));
/** Nearly what is allowed. */
const question = fc
  .record(
    {
      type: fc.constantFrom('join', 'allocate', 'resume', 'joined', '__proto__'),
      nameplate: fc.oneof(fc.string(), fc.integer(), fc.constant('12345')),
      authorization: fc.oneof(fc.string({ maxLength: 600 }), fc.object()),
      handle: fc.oneof(fc.string({ maxLength: 60 }), fc.constant(null)),
    },
    { requiredKeys: [] },
  )
  .map((value) => Buffer.from(JSON.stringify(value)).subarray(0, 1024));
const header = fc
  .tuple(fc.string({ maxLength: 40 }), fc.string({ maxLength: 200 }))
  .map(([name, value]) => `${name}: ${value}\r\n`);
const request = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'CONNECT', 'PRI', 'G E T'),
    fc.oneof(fc.constantFrom('/livelet/1', '/healthz', '*', '//', '/livelet/1/api/%00'), fc.webPath()),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9'),
    fc.array(header, { maxLength: 20 }),
    fc.constantFrom('Upgrade: websocket\r\nConnection: Upgrade\r\n', 'Transfer-Encoding: chunked\r\n', ''),
    fc.uint8Array({ maxLength: 200 }),
  )
  .map(([method, path, version, headers, more, body]) =>
    Buffer.concat([
      Buffer.from(`${method} ${path} ${version}\r\n${headers.join('')}${more}\r\n`, 'latin1'),
      body,
    ]),
  );

interface Garbage {
  readonly what: string;
  readonly protocol: string | undefined;
  readonly bytes: fc.Arbitrary<Uint8Array>;
}

const GARBAGE: readonly Garbage[] = [
  { what: 'random bytes in place of TLS', protocol: undefined, bytes: fc.uint8Array({ maxLength: 2000 }) },
  { what: 'random bytes in TLS-TCP', protocol: RELAY_ALPN, bytes: fc.uint8Array({ maxLength: 2000 }) },
  { what: 'random bytes in HTTPS', protocol: 'http/1.1', bytes: fc.uint8Array({ maxLength: 2000 }) },
  {
    what: 'any JSON as first message',
    protocol: RELAY_ALPN,
    bytes: json.map((body) => tcpFrame(FrameKind.message, body)),
  },
  {
    what: 'nearly good first messages',
    protocol: RELAY_ALPN,
    bytes: question.map((body) => tcpFrame(FrameKind.message, body)),
  },
  { what: 'nearly good requests', protocol: 'http/1.1', bytes: request },
];

for (const { what, protocol, bytes } of GARBAGE) {
  test.serial(`${what} end the connection and nothing else`, async (t) => {
    const victim = await startVictim(t);
    const steady = await victim.steadyPair();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(bytes, async (garbage) => {
        run += 1;
        await throwAt(victim, protocol, garbage, run);
        await steady.roundTrip();
      }),
      { numRuns: RUNS, seed: 20_261_122 },
    );
    t.is(await victim.happened('joined', 1), 1, 'the steady pair’s');
    t.is(await victim.happened('allocated', 1), 1, 'the steady pair’s');
  });
}
