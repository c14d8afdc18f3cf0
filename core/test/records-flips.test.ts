/** One bit turned in every byte of 200 records: refused, and nothing of them delivered. */
import test from 'ava';
import { RECORD_TYPES, RecordOpener, RecordSealer } from '../src/channel/records.js';
import { LiveletError } from '../src/errors.js';
import { bitFor, flipped, outcome, StillClock } from './channel-fixtures.js';

const STREAMS = 50;
/** Two epochs of two records each. */
const RECORDS = 4;
const LIMITS = { recordsPerEpoch: 2 };

function secretOf(stream: number): Uint8Array {
  return new Uint8Array(64).fill(stream + 1);
}

test('every byte of 200 records', (t) => {
  let flips = 0;
  for (let stream = 0; stream < STREAMS; stream += 1) {
    const sealer = new RecordSealer('c2o', secretOf(stream), new StillClock(), LIMITS);
    const records = Array.from({ length: RECORDS }, (_, index) =>
      sealer.seal(RECORD_TYPES.data, new Uint8Array(stream + 20 * index).fill(0x61), index === 1),
    );
    for (const [index, record] of records.entries()) {
      for (let at = 0; at < record.length; at += 1) {
        const opener = new RecordOpener('c2o', secretOf(stream), LIMITS);
        for (const earlier of records.slice(0, index)) opener.open(earlier);
        const result = outcome(() => opener.open(flipped(record, at, bitFor(at + stream))));
        if (!(result instanceof LiveletError)) t.fail(`stream ${stream}, record ${index}, byte ${at}`);
        const after = outcome(() => opener.open(record));
        if (!(after instanceof LiveletError)) t.fail('went on after a refusal');
        flips += 1;
      }
    }
  }
  t.true(flips > 10_000);
});
