import test from 'ava';
import { MAX_REPORT_PICTURE, MAX_REPORT_TEXT } from '../../src/contracts/problem-report.js';
import {
  createSealKeys,
  type LiveletError,
  openReport,
  type ReportItem,
  sealReport,
} from '../../src/index.js';
import { sealEnvelope } from '../../src/sealed/envelope.js';
import { SeededRandom } from '../../test-support/index.js';

const random = new SeededRandom(5).bytes;
const keys = createSealKeys(random);

const sealed = (items: unknown): Uint8Array =>
  sealReport({ items: items as readonly ReportItem[] }, keys.publicKey, random);

test('what is sealed is what was shown, and only the support opens it', (t) => {
  const items: readonly ReportItem[] = [
    { id: 'note', text: 'It stopped. È finita.' },
    { id: 'log', text: '{"event":"started"}\n' },
    { id: 'picture', type: 'image/jpeg', picture: '/9j/' },
  ];
  const envelope = sealed(items);
  t.deepEqual(openReport(envelope, keys), { items });
  t.throws(() => openReport(envelope, createSealKeys(random)), { code: 'sealed-malformed' });
});

test('the largest report fits, in the script that takes most bytes', (t) => {
  const text = '\u0001'.repeat(MAX_REPORT_TEXT);
  const ids = ['note', 'program', 'window', 'session', 'log'] as const;
  const picture = Buffer.alloc(MAX_REPORT_PICTURE).toString('base64');
  const items = [...ids.map((id) => ({ id, text })), { id: 'picture', type: 'image/png', picture }];
  t.notThrows(() => sealed(items));
});

const REFUSED: Readonly<Record<string, unknown>> = {
  'no list': {},
  nothing: [],
  'an unknown text': [{ id: 'path', text: '/home/anna' }],
  'a text twice': [
    { id: 'note', text: 'a' },
    { id: 'note', text: 'b' },
  ],
  'no text': [{ id: 'note' }],
  'a text that is too long': [{ id: 'note', text: 'x'.repeat(MAX_REPORT_TEXT + 1) }],
  'a picture of another kind': [{ id: 'picture', type: 'image/svg+xml', picture: 'AAAA' }],
  'a picture that is not base64': [{ id: 'picture', type: 'image/png', picture: 'AAA' }],
  'a picture that is too large': [
    { id: 'picture', type: 'image/png', picture: 'A'.repeat(4 * Math.ceil(MAX_REPORT_PICTURE / 3) + 4) },
  ],
};
for (const [name, items] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, (t) => {
    const error = t.throws<LiveletError>(() => sealed(items));
    t.true(error?.code === 'message-malformed' || error?.code === 'message-too-large');
  });
}

test('a field that nobody was shown is not sent with the others', (t) => {
  const items = [{ id: 'note', text: 'a', secret: 'b' }];
  t.deepEqual(openReport(sealed(items), keys).items, [{ id: 'note', text: 'a' }]);
});

test('an envelope with something else in it is no report', (t) => {
  for (const content of [
    '{',
    '{}',
    'null',
    '{"format":"livelet-report/2","items":[{"id":"note","text":"a"}]}',
  ]) {
    const envelope = sealEnvelope('report', new TextEncoder().encode(content), keys.publicKey, random);
    t.throws(() => openReport(envelope, keys), { code: 'message-malformed' });
  }
});
