import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import test from 'ava';
import { startCountingProxy } from '../../fixtures/counting-proxy.js';
import { bytesByKind, WireLog } from './wire-log.js';

/** A TLS record with application data of so many bytes, header and all. */
function tlsRecord(length: number): Buffer {
  const record = Buffer.alloc(length);
  record.set([0x17, 3, 3]);
  record.writeUInt16BE(length - 5, 3);
  return record;
}

test('TLS records are told apart however they are cut, and every byte has its kind', async (t) => {
  await using stack = new AsyncDisposableStack();
  const server = createServer().listen(0, '127.0.0.1');
  stack.defer(() => void server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const proxy = stack.use(await startCountingProxy((server.address() as { port: number }).port));
  const log = stack.use(new WireLog(proxy));
  const near = connect(proxy.port, '127.0.0.1');
  stack.defer(() => void near.destroy());
  near.setNoDelay(true);
  const [far] = (await accepted) as [Socket];
  // An acknowledgement of a frame, and one of records, from the operator; a frame that goes on in a second record.
  const out = Buffer.concat([tlsRecord(80), tlsRecord(120)]);
  const back = Buffer.concat([tlsRecord(22 + 16_384), tlsRecord(522)]);
  for (const [from, to, bytes] of [
    [near, far, out],
    [far, near, back],
  ] as const) {
    const done = new Promise<void>((resolve) => {
      let left = bytes.length;
      to.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left === 0) resolve();
      });
    });
    for (const at of [0, 3, 79, 81, bytes.length - 1]) {
      const next = [3, 79, 81, bytes.length - 1, bytes.length].find((end) => end > at);
      await new Promise((resolve) => from.write(bytes.subarray(at, next), resolve));
    }
    await done;
  }
  t.deepEqual(
    log.records.map(({ direction, inside, continues }) => [direction, inside, continues]),
    [
      ['out', 58, false],
      ['out', 98, false],
      ['back', 16_384, false],
      ['back', 500, true],
    ],
  );
  const kinds = bytesByKind(log.records);
  t.like(kinds, {
    TLS: 4 * 22,
    'acknowledgements of frames': 13,
    'acknowledgements of records, pings, credit': 61,
    'headers of frames': 22,
    'what is drawn': 16_384 - 67 + 500,
  });
  t.is(
    Object.values(kinds).reduce((sum, each) => sum + each, 0),
    proxy.bytes(),
  );
});
