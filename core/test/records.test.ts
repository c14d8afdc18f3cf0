import test from 'ava';
import fc from 'fast-check';
import { gcmSeal } from '../src/channel/crypto.js';
import { EpochKeys } from '../src/channel/record-keys.js';
import {
  MAX_PADDED,
  MAX_RECORD,
  MAX_RECORD_BODY,
  MIN_RECORD,
  RECORD_TYPES,
  type RecordDirection,
  type RecordLimits,
  RecordOpener,
  RecordSealer,
} from '../src/channel/records.js';
import { LiveletError } from '../src/errors.js';
import { MAX_TRANSPORT_FRAME } from '../src/transport/transport.js';
import { codeOf, fromHex, hex, outcome, readVectors, StillClock } from './channel-fixtures.js';

const secret = (): Uint8Array => Uint8Array.from({ length: 64 }, (_, index) => index);
const { data } = RECORD_TYPES;

function pair(limits: RecordLimits = {}, clock = new StillClock()): [RecordSealer, RecordOpener] {
  return [new RecordSealer('o2c', secret(), clock, limits), new RecordOpener('o2c', secret(), limits)];
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}

test('the record vectors, byte for byte', (t) => {
  interface RecordVector {
    readonly direction: RecordDirection;
    readonly secret: string;
    readonly recordsPerEpoch: number;
    readonly records: readonly { type: number; body: string; padded: boolean; record: string }[];
  }
  const vector = readVectors<RecordVector>('records.json');
  const { direction, recordsPerEpoch } = vector;
  const sealer = new RecordSealer(direction, fromHex(vector.secret), new StillClock(), { recordsPerEpoch });
  const opener = new RecordOpener(direction, fromHex(vector.secret), { recordsPerEpoch });
  vector.records.forEach(({ type, body, padded, record }, index) => {
    t.is(hex(sealer.seal(type, fromHex(body), padded)), record);
    const opened = opener.open(fromHex(record));
    t.is(opened.type, type);
    t.is(hex(opened.body), body);
    t.is(opened.epoch, Math.floor(index / recordsPerEpoch));
    t.is(opened.seq, BigInt(index % recordsPerEpoch));
  });
});

test('records come back in order, whatever their size', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 2000 }), fc.boolean()), { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      (records, recordsPerEpoch) => {
        const [sealer, opener] = pair({ recordsPerEpoch });
        for (const [type, body, padded] of records) {
          const opened = opener.open(sealer.seal(type, body, padded));
          t.is(opened.type, type);
          t.is(hex(opened.body), hex(body));
        }
        t.is(opener.count, BigInt(records.length));
        t.is(sealer.count, BigInt(records.length));
      },
    ),
    { numRuns: 60 },
  );
});

test('any bytes are refused with one of our errors, and the keys are gone', (t) => {
  const [sealer] = pair();
  const good = sealer.seal(data, bytes(40));
  const almost = fc
    .tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(good.length))
    .map(([at, change, length]) => good.with(at, (good[at] ?? 0) ^ change).subarray(0, length));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), almost), (record) => {
      const [, opener] = pair();
      t.true(outcome(() => opener.open(record)) instanceof LiveletError);
      t.is(
        codeOf(t, () => opener.open(good)),
        'session-ended',
      );
    }),
    { numRuns: 1000 },
  );
});

test('padding hides lengths up to 1 KiB in steps of 64 bytes', (t) => {
  const [sealer, opener] = pair();
  const overhead = MIN_RECORD - 3;
  for (const length of [0, 1, 60, 61, 62, 125, 126, MAX_PADDED - 3]) {
    const record = sealer.seal(data, bytes(length), true);
    t.is(record.length - overhead, Math.ceil((length + 3) / 64) * 64);
    t.deepEqual(hex(opener.open(record).body), hex(bytes(length)));
  }
  t.is(sealer.seal(data, bytes(MAX_PADDED - 2), true).length - overhead, MAX_PADDED + 1);
  t.is(sealer.seal(data, bytes(5)).length - overhead, 8);
});

test('the largest record goes through a transport, a larger one is never made', (t) => {
  const [sealer, opener] = pair();
  const record = sealer.seal(data, bytes(MAX_RECORD_BODY));
  t.is(record.length, MAX_RECORD);
  t.true(MAX_RECORD <= MAX_TRANSPORT_FRAME);
  t.is(opener.open(record).body.length, MAX_RECORD_BODY);
  t.is(
    codeOf(t, () => sealer.seal(data, bytes(MAX_RECORD_BODY + 1))),
    'message-too-large',
  );
  t.is(opener.open(sealer.seal(data, bytes(1))).seq, 1n);
  t.is(
    codeOf(t, () => opener.open(new Uint8Array(MAX_RECORD + 1).fill(0x17))),
    'record-malformed',
  );
});

test('replay, reorder, a gap, reflection and truncation are refused', (t) => {
  const make = (): { opener: RecordOpener; records: Uint8Array[] } => {
    const [sealer, opener] = pair();
    const records = [0, 1, 2, 3].map((index) => sealer.seal(data, bytes(index + 10)));
    opener.open(records[0] ?? bytes(0));
    return { opener, records };
  };
  const refused: Readonly<Record<string, (records: Uint8Array[]) => Uint8Array | undefined>> = {
    replay: (records) => records[0],
    'a gap': (records) => records[2],
    'another direction': () => new RecordSealer('c2o', secret(), new StillClock()).seal(data, bytes(1)),
    'one byte less': (records) => records[1]?.subarray(0, -1),
    'one byte more': (records) => Uint8Array.of(...(records[1] ?? []), 0),
    'the tag of another record': (records) =>
      Uint8Array.of(...(records[1]?.subarray(0, -16) ?? []), ...(records[2]?.subarray(-16) ?? [])),
  };
  for (const [name, choose] of Object.entries(refused)) {
    const { opener, records } = make();
    t.is(
      codeOf(t, () => opener.open(choose(records) ?? bytes(0))),
      'record-refused',
      name,
    );
    t.is(
      codeOf(t, () => opener.open(records[1] ?? bytes(0))),
      'session-ended',
      name,
    );
  }
});

test('tags of other lengths than 16 are refused', (t) => {
  const record = pair()[0].seal(data, bytes(100));
  for (let cut = 1; cut <= 16; cut += 1) {
    const [, opener] = pair();
    t.is(
      codeOf(t, () => opener.open(record.subarray(0, -cut))),
      'record-refused',
    );
  }
});

test('an end seals nothing after wipe', (t) => {
  const [sealer] = pair();
  sealer.wipe();
  t.is(
    codeOf(t, () => sealer.seal(data, bytes(1))),
    'session-ended',
  );
});

test('the secret that was given is overwritten', (t) => {
  const given = [secret(), secret()] as const;
  new RecordSealer('o2c', given[0], new StillClock());
  new RecordOpener('o2c', given[1]);
  for (const bytesLeft of given) t.true(bytesLeft.every((byte) => byte === 0));
});

/** A record with a plaintext of the caller's choice, sealed under the right key. */
function forge(plaintext: Uint8Array): Uint8Array {
  const keys = new EpochKeys(secret());
  const record = new Uint8Array(14 + plaintext.length + 16);
  record[0] = 0x17;
  const associated = new Uint8Array(18);
  associated.set(record.subarray(0, 14));
  new DataView(associated.buffer).setUint32(14, plaintext.length + 16);
  gcmSeal(keys.key, keys.nonce(0n), associated, [plaintext], record.subarray(14));
  return record;
}

test('an authentic record with a wrong length or padding that is not zero is refused', (t) => {
  const body = pair()[1].open(forge(Uint8Array.of(0x11, 0, 2, 5, 6, 0, 0))).body;
  t.deepEqual([...body], [5, 6]);
  for (const plaintext of [
    [0x11, 0, 2, 5],
    [0x11, 255, 255, 5],
    [0x11, 0, 2, 5, 6, 1],
    [0x11, 0, 2, 5, 6, 0, 0, 0, 128],
    [0x11, 0, 0, 1],
  ]) {
    t.is(
      codeOf(t, () => pair()[1].open(forge(Uint8Array.from(plaintext)))),
      'record-malformed',
    );
  }
  t.is(
    codeOf(t, () => pair()[1].open(forge(Uint8Array.of(0x11, 0)))),
    'record-malformed',
    'too short for type and length',
  );
});
