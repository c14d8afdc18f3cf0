import test from 'ava';
import type { OutgoingRecord } from '../src/channel/record-pipe.js';
import { MAX_RECORD_BODY, RECORD_TYPES } from '../src/channel/records.js';
import { MAX_RETAINED, RetainedRecords } from '../src/channel/retained-records.js';

function data(stream: number, length = 1): OutgoingRecord {
  const body = new Uint8Array(length);
  return { type: RECORD_TYPES.data, body, pad: false, retained: true, stream };
}

/** Streams of the records that are sent again, in order, numbered from `number`. */
function repeated(retained: RetainedRecords, number = 0n): (number | undefined)[] {
  const streams: (number | undefined)[] = [];
  for (let record = retained.next(number); record; record = retained.next(++number))
    streams.push(record.stream);
  return streams;
}

test('what the peer has is gone, the rest is sent again in order', (t) => {
  const retained = new RetainedRecords();
  // Number 11 was an ack.
  for (const [stream, number] of [
    [1, 10n],
    [2, 12n],
    [3, 13n],
    [4, 14n],
  ] as const) {
    retained.add(data(stream), number);
  }
  retained.received(12n);
  retained.restart();
  t.deepEqual(repeated(retained), [2, 3, 4]);
  t.is(retained.next(99n), undefined);
});

test('a drop within a repetition: what was not sent again has no number that could be acknowledged', (t) => {
  const retained = new RetainedRecords();
  for (const stream of [1, 2, 3]) retained.add(data(stream), BigInt(stream));
  retained.restart();
  t.is(retained.next(50n)?.stream, 1);
  // The peer has number 50 and no more; the old numbers 2 and 3 mean nothing.
  retained.received(51n);
  retained.restart();
  t.deepEqual(repeated(retained, 51n), [2, 3]);
});

test('a stream that is forgotten leaves the others in their order, sent or not', (t) => {
  const retained = new RetainedRecords();
  for (const [index, stream] of [1, 2, 1, 3].entries()) retained.add(data(stream), BigInt(index));
  retained.restart();
  retained.next(0n);
  retained.forget(1);
  t.deepEqual(repeated(retained, 1n), [2, 3]);
  retained.received(100n);
  t.is(retained.bytes, 0);
});

test('what is forgotten gives its bytes back at once, and its place with the others', (t) => {
  const retained = new RetainedRecords();
  for (const [index, stream] of [1, 2, 1].entries()) retained.add(data(stream, 1_000), BigInt(index));
  const place = (retained.bytes - 3_000) / 3;
  retained.forget(1);
  t.is(retained.bytes, 1_000 + 3 * place);
  retained.received(1n);
  t.is(retained.bytes, 1_000 + 2 * place);
  retained.restart();
  t.is(retained.bytes, 1_000 + place);
});

test('a peer that acknowledges nothing and has streams reset as fast as it can keeps nobody busy', (t) => {
  const retained = new RetainedRecords();
  for (let number = 0n; !retained.full; number++) retained.add(data(1), number);
  // Minutes, if each one took a look at all that is retained.
  for (let stream = 2; stream < 200_000; stream++) retained.forget(stream);
  t.true(retained.full);
});

test('it is full before 8 MiB, of large records and of small ones', (t) => {
  for (const length of [MAX_RECORD_BODY, 1]) {
    const retained = new RetainedRecords();
    let number = 0n;
    let bytes = 0;
    while (!retained.full) {
      retained.add(data(1, length), number++);
      bytes += length;
    }
    t.true(retained.bytes <= MAX_RETAINED && retained.bytes > 0.97 * MAX_RETAINED);
    t.true(bytes <= MAX_RETAINED && number < 70_000n);
    retained.received(2n);
    retained.received(number);
    t.deepEqual([retained.full, retained.bytes], [false, 0]);
  }
});
