import test from 'ava';
import fc from 'fast-check';
import * as frames from '../src/channel/frames.js';
import { decodeHello, encodeHello, MAX_HELLO } from '../src/channel/hello.js';
import { ReceiveQueue } from '../src/channel/receive-queue.js';
import { decodeAnswer, decodeCall, encodeAnswer, encodeCall } from '../src/channel/rpc-messages.js';
import { ERROR_CODES, type ErrorCode, LiveletError, type ServicePath } from '../src/index.js';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const credit = fc.integer({ min: 1, max: frames.MAX_CREDIT });
const path = fc
  .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/), fc.stringMatching(/^[a-z0-9]{1,20}$/), fc.nat(9998))
  .map(([vendor, name, major]): ServicePath => `/${vendor}/${name}/${major + 1}`);
const code = fc.constantFrom(...(Object.keys(ERROR_CODES) as ErrorCode[]));
const reason = fc.constantFrom(...(Object.keys(frames.END_REASONS) as frames.EndReason[]));

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** What a parser of a peer's bytes may do: give a value, or throw one of these. */
function onlyThrows(codes: readonly ErrorCode[], parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (error instanceof LiveletError && codes.includes(error.code)) return;
    throw error;
  }
}

test('each frame has the layout that the table names', (t) => {
  t.is(hex(frames.encodeEnd({ finalSeq: 258n, reason: 'window-gone' })), '000000000000010202');
  t.is(hex(frames.encodeAck(7n)), '0000000000000007');
  t.is(hex(frames.encodePing(0xa1b2n)), '000000000000a1b2');
  const open = frames.encodeOpen({ stream: 3, credit: 0x40000, path: '/livelet/chat/1' });
  t.is(hex(open), `0000000300040000${hex(Buffer.from('/livelet/chat/1'))}`);
  t.is(hex(frames.encodeCredit({ stream: 2, bytes: 65536 })), '0000000200010000');
  t.is(hex(frames.encodeClose(5)), '00000005');
  t.is(hex(frames.encodeReset({ stream: 5, code: 'revoked' })), '000000050191');
});

test('frames read as they were written', (t) => {
  fc.assert(
    fc.property(u32, credit, path, u64, code, reason, (stream, bytes, servicePath, seq, error, why) => {
      t.deepEqual(frames.decodeOpen(frames.encodeOpen({ stream, credit: bytes, path: servicePath })), {
        stream,
        credit: bytes,
        path: servicePath,
      });
      t.deepEqual(frames.decodeCredit(frames.encodeCredit({ stream, bytes })), { stream, bytes });
      t.is(frames.decodeClose(frames.encodeClose(stream)), stream);
      t.deepEqual(frames.decodeReset(frames.encodeReset({ stream, code: error })), { stream, code: error });
      t.deepEqual(frames.decodeEnd(frames.encodeEnd({ finalSeq: seq, reason: why })), {
        finalSeq: seq,
        reason: why,
      });
      t.is(frames.decodeAck(frames.encodeAck(seq)), seq);
    }),
  );
});

test('any bytes are a frame or frame-malformed', (t) => {
  const decoders = [
    frames.decodeAck,
    frames.decodeClose,
    frames.decodeCredit,
    frames.decodeData,
    frames.decodeEnd,
    frames.decodeOpen,
    frames.decodePing,
    frames.decodeReset,
  ];
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (body) => {
        for (const decode of decoders) onlyThrows(['frame-malformed'], () => decode(body));
      }),
      { numRuns: 2_000 },
    ),
  );
});

test('credits, paths and lengths past their limits are refused', (t) => {
  const malformed = { code: 'frame-malformed' } as const;
  t.throws(() => frames.decodeCredit(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)), malformed);
  t.throws(() => frames.decodeCredit(Uint8Array.of(0, 0, 0, 1, 1, 0, 0, 1)), malformed);
  t.throws(() => frames.decodeData(Uint8Array.of(0, 0, 0, 1)), malformed);
  for (const text of [
    '/a/b/0',
    'a/b/1',
    '/a/b',
    '/a/b/1/',
    '/A/b/1',
    '/a//1',
    `/a/${'b'.repeat(70)}/1`,
    '/a/b/1\n',
  ]) {
    t.false(frames.isServicePath(text), text);
    t.throws(() => frames.decodeOpen(Buffer.concat([new Uint8Array(8), Buffer.from(text)])), malformed);
  }
});

test('an error code or an end reason that this version does not know still reads', (t) => {
  t.is(frames.decodeReset(Uint8Array.of(0, 0, 0, 1, 0xff, 0xfe)).code, 'internal');
  t.is(frames.decodeEnd(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 99)).reason, 'failure');
});

test('a hello reads as it was written and ignores keys that it does not know', (t) => {
  const plugins = [
    { id: 'livelet.capture', version: '1.0.0', services: ['/livelet/capture/1'] as ServicePath[] },
  ];
  t.deepEqual(decodeHello(encodeHello(plugins)), plugins);
  const more = { contract: '1.9.0', later: true, plugins: [{ ...plugins[0], extra: 1 }] };
  t.deepEqual(decodeHello(Buffer.from(JSON.stringify(more))), plugins);
});

test('a hello of another major version, too long, or twice the same plugin is refused', (t) => {
  const read = (value: unknown) => () => decodeHello(Buffer.from(JSON.stringify(value)));
  t.throws(read({ contract: '2.0.0', plugins: [] }), { code: 'protocol-version-unsupported' });
  t.throws(read({ contract: 'x', plugins: [] }), { code: 'hello-invalid' });
  t.throws(read({ contract: '1.0.0', plugins: [], pad: 'x'.repeat(MAX_HELLO) }), { code: 'hello-invalid' });
  const plugin = { id: 'a', version: '1.0.0', services: [] };
  t.throws(read({ contract: '1.0.0', plugins: [plugin, plugin] }), { code: 'hello-invalid' });
  t.throws(read({ contract: '1.0.0', plugins: [{ ...plugin, services: ['/../1'] }] }), {
    code: 'hello-invalid',
  });
});

test('any JSON is a hello, a call and an answer, or a typed error', (t) => {
  const shaped = fc.record(
    {
      contract: fc.constantFrom('1.0.0', '1.0', 7),
      plugins: fc.anything(),
      id: fc.anything(),
      method: fc.anything(),
      parameter: fc.anything(),
      cancel: fc.anything(),
      error: fc.anything(),
      data: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), shaped), (value) => {
      let text: string | undefined;
      try {
        text = JSON.stringify(value);
      } catch {
        return;
      }
      const bytes = Buffer.from(text ?? '');
      onlyThrows(['hello-invalid', 'protocol-version-unsupported'], () => decodeHello(bytes));
      onlyThrows(['message-malformed'], () => decodeCall(bytes));
      onlyThrows(['message-malformed'], () => decodeAnswer(bytes));
    }),
    { numRuns: 2_000 },
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        onlyThrows(['hello-invalid'], () => decodeHello(bytes));
        onlyThrows(['message-malformed'], () => decodeCall(bytes));
        onlyThrows(['message-malformed'], () => decodeAnswer(bytes));
      }),
    ),
  );
});

test('calls and answers read as they were written', (t) => {
  const call = { id: 1, kind: 'call', method: 'ask', parameter: { a: [1, 'x'] } } as const;
  t.deepEqual(decodeCall(encodeCall(call)), call);
  t.deepEqual(decodeCall(encodeCall({ id: 2, kind: 'cancel' })), { id: 2, kind: 'cancel' });
  t.deepEqual(decodeAnswer(encodeAnswer({ id: 3, kind: 'result', result: undefined })), {
    id: 3,
    kind: 'result',
    result: undefined,
  });
});

test('an error crosses as its code and plain, short facts', (t) => {
  const error = new LiveletError('request-too-soon', 'secret text', {
    cause: new Error('stack'),
    data: { waitMs: 5, long: 'x'.repeat(300) },
  });
  const bytes = encodeAnswer({ id: 1, kind: 'error', error });
  t.is(Buffer.from(bytes).toString(), '{"id":1,"error":407,"data":{"waitMs":5}}');
  const answer = decodeAnswer(bytes);
  t.like(answer, { kind: 'error', error: { code: 'request-too-soon', data: { waitMs: 5 } } });
  const odd = decodeAnswer(Buffer.from('{"id":1,"error":406,"data":{"a":{},"b":[1],"c":null,"d":true}}'));
  t.deepEqual(odd.kind === 'error' ? odd.error.data : undefined, { d: true });
});

test('the receive queue gives back every byte in order, and holds little more than it has', (t) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.nat(40), fc.nat(9_000)).map((n) => n + 1),
        { maxLength: 60 },
      ),
      (lengths) => {
        const queue = new ReceiveQueue();
        let next = 0;
        for (const length of lengths) {
          // As a view of a record's whole plaintext, like the ones that come.
          const record = new Uint8Array(length + 100);
          for (let at = 100; at < record.length; at++) record[at] = next++ & 0xff;
          queue.push(record.subarray(100));
        }
        t.is(queue.bytes, next);
        let taken = 0;
        for (let chunk = queue.shift(); chunk; chunk = queue.shift()) {
          t.true(chunk.length > 0);
          for (const byte of chunk) if (byte !== (taken++ & 0xff)) t.fail();
        }
        t.is(taken, next);
        t.is(queue.bytes, 0);
      },
    ),
  );
});

test('many tiny pieces are gathered in few chunks', (t) => {
  const queue = new ReceiveQueue();
  const record = new Uint8Array(64 * 1024);
  for (let index = 0; index < 20_000; index++) queue.push(record.subarray(0, 1));
  let chunks = 0;
  for (let chunk = queue.shift(); chunk; chunk = queue.shift()) chunks++;
  t.true(chunks < 8, `${chunks} chunks`);
});
