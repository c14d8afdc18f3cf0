import test from 'ava';
import { lv, utf8 } from '../src/channel/bytes.js';
import { hkdfExpand, hmac, type RandomSource } from '../src/channel/crypto.js';
import { CustomerResumption, OperatorResumption, resumeHandle } from '../src/channel/resume-handshake.js';
import { RESUME_SIZES } from '../src/channel/resume-messages.js';
import { LiveletError } from '../src/index.js';
import { bitFor, flipped, fromHex, hex, outcome, readVectors, seededRandom } from './channel-fixtures.js';

interface Vector {
  readonly secret: string;
  readonly index: number;
  readonly handle: string;
  readonly operatorReceived: string;
  readonly customerReceived: string;
  readonly r1: string;
  readonly r2: string;
  readonly r3: string;
  readonly secretO2C: string;
  readonly secretC2O: string;
  readonly resume: string;
}

const SECRET = Uint8Array.from({ length: 64 }, (_, index) => index);
const OTHER = SECRET.map((byte) => byte ^ 1);
const HANDLE = resumeHandle(SECRET, 0);

function customer(secret = SECRET, handle = HANDLE, seed = 'customer'): CustomerResumption {
  return new CustomerResumption({ secret, handle, received: 7n, random: seededRandom(seed) });
}

function operator(secret = SECRET, handle = HANDLE, seed = 'operator'): OperatorResumption {
  return new OperatorResumption({ secret, handle, received: 9n, random: seededRandom(seed) });
}

function run() {
  const [left, right] = [operator(), customer()];
  const r2 = left.receiveR1(right.r1);
  const { r3, keys: theirs } = right.receiveR2(r2);
  return { r1: right.r1, r2, r3, ours: left.receiveR3(r3), theirs };
}

function refused(result: unknown): boolean {
  return result instanceof LiveletError && /^(handshake|protocol)-/.test(result.code);
}

test('both ends have the same new keys, and each knows what the other has received', (t) => {
  const { r1, r2, r3, ours, theirs } = run();
  t.deepEqual([r1.length, r2.length, r3.length], Object.values(RESUME_SIZES));
  t.is(ours.peerReceived, 7n);
  t.is(theirs.peerReceived, 9n);
  const { peerReceived: _, ...ourKeys } = ours;
  const { peerReceived: __, ...theirKeys } = theirs;
  t.deepEqual(ourKeys, theirKeys);
  const all = [ours.secretO2C, ours.secretC2O, ours.resume, SECRET].map(hex);
  t.is(new Set(all).size, 4);
});

test('the bytes are those of the vector', (t) => {
  const vector = readVectors<Vector>('session-resume.json');
  const { r1, r2, r3, ours } = run();
  t.deepEqual(
    {
      secret: hex(SECRET),
      index: 0,
      handle: hex(HANDLE),
      operatorReceived: '9',
      customerReceived: '7',
      r1: hex(r1),
      r2: hex(r2),
      r3: hex(r3),
      secretO2C: hex(ours.secretO2C),
      secretC2O: hex(ours.secretC2O),
      resume: hex(ours.resume),
    },
    vector,
  );
  t.is(fromHex(vector.r1).length, RESUME_SIZES.r1);
});

test('every handle and every run is another', (t) => {
  const handles = [resumeHandle(SECRET, 0), resumeHandle(SECRET, 1), resumeHandle(OTHER, 0)].map(hex);
  t.is(new Set(handles).size, 3);
  const [first, second] = ['one', 'two'].map((seed) => {
    const [left, right] = [operator(SECRET, HANDLE, `o${seed}`), customer(SECRET, HANDLE, `c${seed}`)];
    return left.receiveR3(right.receiveR2(left.receiveR1(right.r1)).r3);
  });
  t.notDeepEqual(first?.resume, second?.resume);
});

test('every byte of R1 counts', (t) => {
  const { r1 } = customer();
  const passed = [...r1.keys()].filter(
    (at) => !refused(outcome(() => operator().receiveR1(flipped(r1, at, bitFor(at))))),
  );
  t.deepEqual(passed, []);
});

test('every byte of R2 counts', (t) => {
  const r2 = operator().receiveR1(customer().r1);
  const passed = [...r2.keys()].filter(
    (at) => !refused(outcome(() => customer().receiveR2(flipped(r2, at, bitFor(at))))),
  );
  t.deepEqual(passed, []);
});

test('every byte of R3 counts, and a wrong one spoils nothing for the next attempt', (t) => {
  const right = customer();
  const left = operator();
  const { r3 } = right.receiveR2(left.receiveR1(right.r1));
  const passed = [...r3.keys()].filter(
    (at) => !refused(outcome(() => left.receiveR3(flipped(r3, at, bitFor(at))))),
  );
  t.deepEqual(passed, []);
});

const { r1, r2, r3 } = run();
const LIES: Readonly<Record<string, () => unknown>> = {
  'R1 under another secret': () => operator(OTHER).receiveR1(r1),
  'R1 of another handle': () => operator(SECRET, resumeHandle(SECRET, 1)).receiveR1(r1),
  'R1 turned back': () => customer().receiveR2(r1),
  'R2 turned back': () => operator().receiveR1(r2),
  'R2 of an earlier run': () => customer(SECRET, HANDLE, 'later').receiveR2(r2),
  'R2 under another secret': () => customer().receiveR2(operator(SECRET).receiveR1(r1).fill(1, 40)),
  'R3 of an earlier run': () => {
    const left = operator(SECRET, HANDLE, 'later');
    left.receiveR1(r1);
    left.receiveR3(r3);
  },
  'R3 first': () => operator().receiveR3(r3),
  'an M1 of the first handshake': () => operator().receiveR1(new Uint8Array(1297).fill(2, 0, 1)),
  'R1 in another version': () => operator().receiveR1(r1.with(2, 2)),
  'R1 with a byte more': () => operator().receiveR1(Uint8Array.of(...r1, 0)),
  nothing: () => operator().receiveR1(new Uint8Array()),
};
for (const [what, lie] of Object.entries(LIES)) {
  test(`refused: ${what}`, (t) => {
    t.true(refused(outcome(lie)));
  });
}

test('an R1 with a share of small order leaves nothing that was drawn for the answer', (t) => {
  const untagged = customer().r1.slice(0, -32).fill(0, 35, 67);
  const key = hkdfExpand(SECRET, utf8('livelet/1 resume customer'), 64);
  const tagged = Uint8Array.of(...untagged, ...hmac(key, lv(HANDLE, untagged)).subarray(0, 32));
  const drawn: Uint8Array[] = [];
  const seeded = seededRandom('operator');
  const random: RandomSource = (length) => {
    const bytes = seeded(length);
    drawn.push(bytes);
    return bytes;
  };
  const half = new OperatorResumption({ secret: SECRET, handle: HANDLE, received: 0n, random });
  t.throws(() => half.receiveR1(tagged), { message: /small order/ });
  const [, scalar, coins] = drawn;
  t.deepEqual([scalar, coins], [new Uint8Array(32), new Uint8Array(32)]);
});
