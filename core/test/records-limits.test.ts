/** Epochs: when they change, what is accepted then, and that no key ever meets a nonce twice. */
import { createDecipheriv, createHmac } from 'node:crypto';
import test from 'ava';
import { systemRandom } from '../src/channel/crypto.js';
import { RecordCounter } from '../src/channel/record-counter.js';
import { EpochKeys } from '../src/channel/record-keys.js';
import { RECORD_TYPES, RecordOpener, RecordSealer } from '../src/channel/records.js';
import { codeOf, handshakeOptions, hex, runHandshake, StillClock } from './channel-fixtures.js';

const EMPTY = new Uint8Array();
const MINUTE = 60_000;
const secret = (): Uint8Array => new Uint8Array(64).fill(3);
const { data } = RECORD_TYPES;

function epochOf(record: Uint8Array): number {
  return new DataView(record.buffer).getUint32(2);
}

function seqOf(record: Uint8Array): bigint {
  return new DataView(record.buffer).getBigUint64(6);
}

/** HKDF-Expand for at most 64 bytes, apart from the code under test. */
function expand(prk: Uint8Array, label: string, length: number): Buffer {
  return createHmac('sha512', prk).update(label).update(Uint8Array.of(1)).digest().subarray(0, length);
}

/** Opens a record with keys and nonce worked out here, and tells which they were. */
function audit(record: Uint8Array, secretOfEpoch: Uint8Array): { key: string; nonce: string } {
  const key = expand(secretOfEpoch, 'livelet/1 key', 32);
  const nonce = Buffer.from(expand(secretOfEpoch, 'livelet/1 iv', 12));
  nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ seqOf(record), 4);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(record.length - 14);
  decipher.setAAD(Buffer.concat([record.subarray(0, 14), length]));
  decipher.setAuthTag(record.subarray(-16));
  decipher.update(record.subarray(14, -16));
  decipher.final();
  return { key: hex(key), nonce: hex(nonce) };
}

test('no key meets a nonce twice, in both directions, over 40 rekeys', (t) => {
  const { operator } = runHandshake(handshakeOptions(systemRandom));
  const pairs = new Set<string>();
  const keys = new Set<string>();
  let records = 0;
  for (const [direction, start] of [
    ['o2c', operator.secretO2C],
    ['c2o', operator.secretC2O],
  ] as const) {
    const clock = new StillClock();
    let secretOfEpoch: Uint8Array = Uint8Array.from(start);
    let epoch = 0;
    const sealer = new RecordSealer(direction, start, clock, { recordsPerEpoch: 25 });
    for (let index = 0; index < 500; index += 1) {
      if (index % 90 === 0) clock.time += 16 * MINUTE;
      const record = sealer.seal(data, new Uint8Array(index % 70), index % 2 === 0);
      while (epoch < epochOf(record)) {
        secretOfEpoch = expand(secretOfEpoch, 'livelet/1 next', 64);
        epoch += 1;
      }
      const used = audit(record, secretOfEpoch);
      pairs.add(`${used.key} ${used.nonce}`);
      keys.add(used.key);
      records += 1;
    }
  }
  t.is(pairs.size, records);
  t.true(keys.size > 40);
});

test('a new epoch begins after 15 minutes, at the next record', (t) => {
  const clock = new StillClock();
  clock.time = 1000;
  const sealer = new RecordSealer('o2c', secret(), clock);
  const opener = new RecordOpener('o2c', secret());
  const expected = [
    [1000, 0, 0n],
    [1000 + 15 * MINUTE - 1, 0, 1n],
    [1000 + 15 * MINUTE, 1, 0n],
    [1000 + 30 * MINUTE - 1, 1, 1n],
    [1000 + 300 * MINUTE, 2, 0n],
  ] as const;
  for (const [time, epoch, seq] of expected) {
    clock.time = time;
    const record = sealer.seal(data, EMPTY);
    t.is(epochOf(record), epoch);
    t.is(seqOf(record), seq);
    t.is(opener.open(record).epoch, epoch);
  }
  t.is(opener.count, 5n);
});

test('the receiver takes a new epoch only as (e + 1, 0)', (t) => {
  const make = (): Uint8Array[] => {
    const sealer = new RecordSealer('o2c', secret(), new StillClock(), { recordsPerEpoch: 2 });
    return Array.from({ length: 6 }, () => sealer.seal(data, EMPTY));
  };
  const [first, second, third, fourth, fifth] = make() as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const early = new RecordOpener('o2c', secret());
  early.open(first);
  t.is(early.open(third).epoch, 1, 'before the old epoch is used up');
  t.is(
    codeOf(t, () => early.open(second)),
    'record-refused',
    'back to the old epoch',
  );
  for (const wrong of [fourth, fifth]) {
    const opener = new RecordOpener('o2c', secret());
    opener.open(first);
    opener.open(second);
    t.is(
      codeOf(t, () => opener.open(wrong)),
      'record-refused',
    );
  }
});

test('a header that claims a new epoch without its key is refused', (t) => {
  const record = new RecordSealer('o2c', secret(), new StillClock()).seal(data, EMPTY);
  const opener = new RecordOpener('o2c', secret());
  opener.open(record);
  const forged = Uint8Array.from(record);
  new DataView(forged.buffer).setUint32(2, 1);
  t.is(
    codeOf(t, () => opener.open(forged)),
    'record-refused',
  );
});

test('seq is refused from 2^20 on, and never loses a bit', (t) => {
  const record = new RecordSealer('o2c', secret(), new StillClock()).seal(data, EMPTY);
  for (const [seq, code] of [
    [1n, 'record-refused'],
    [2n ** 20n - 1n, 'record-refused'],
    [2n ** 20n, 'record-limit'],
    [2n ** 32n, 'record-limit'],
    [2n ** 53n + 1n, 'record-limit'],
    [2n ** 64n - 1n, 'record-limit'],
  ] as const) {
    const forged = Uint8Array.from(record);
    new DataView(forged.buffer).setBigUint64(6, seq);
    t.is(
      codeOf(t, () => new RecordOpener('o2c', secret()).open(forged)),
      code,
    );
  }
  const keys = new EpochKeys(secret());
  const nonces = [0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n].map((seq) =>
    hex(keys.nonce(seq)),
  );
  t.is(new Set(nonces).size, nonces.length);
  const low = (nonce: string | undefined): bigint => BigInt(`0x${nonce?.slice(8)}`);
  t.is(low(nonces[0]) ^ low(nonces[4]), 2n ** 53n + 1n);
  t.true(nonces.every((nonce) => nonce.slice(0, 8) === nonces[0]?.slice(0, 8)));
});

test('after the last epoch nothing is sealed', (t) => {
  const sealer = new RecordSealer('o2c', secret(), new StillClock(), { recordsPerEpoch: 2, lastEpoch: 1 });
  for (let index = 0; index < 4; index += 1) sealer.seal(data, EMPTY);
  t.is(
    codeOf(t, () => sealer.seal(data, EMPTY)),
    'record-limit',
  );
});

test('a key seals 2^20 records and no more', (t) => {
  const counter = new RecordCounter(new StillClock(), {});
  let place = counter.take();
  t.deepEqual(place, { epoch: 0, seq: 0 });
  for (let taken = 1; taken < 2 ** 20; taken += 1) place = counter.take();
  t.deepEqual(place, { epoch: 0, seq: 2 ** 20 - 1 });
  t.deepEqual(counter.take(), { epoch: 1, seq: 0 });
});

test('a sender that goes past the limit is refused', (t) => {
  const sealer = new RecordSealer('o2c', secret(), new StillClock(), { recordsPerEpoch: 5 });
  const opener = new RecordOpener('o2c', secret(), { recordsPerEpoch: 4 });
  for (let index = 0; index < 4; index += 1) opener.open(sealer.seal(data, EMPTY));
  t.is(
    codeOf(t, () => opener.open(sealer.seal(data, EMPTY))),
    'record-limit',
  );
});
