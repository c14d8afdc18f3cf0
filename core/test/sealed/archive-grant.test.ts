import test from 'ava';
import { identityFromSeed } from '../../src/channel/identity.js';
import { signArchiveGrant, verifyArchiveGrant } from '../../src/sealed/archive-grant.js';

const OPERATOR = identityFromSeed(new Uint8Array(32).fill(1));
const STRANGER = identityFromSeed(new Uint8Array(32).fill(2));
const GRANT = { session: '0123456789abcdef'.repeat(2), maxBytes: 1000, notAfter: 2000 };
const TOKEN = signArchiveGrant(OPERATOR, GRANT, 'acme-1');
const key = (identity: { publicKey: Uint8Array }): string =>
  Buffer.from(identity.publicKey).toString('base64url');

test('a grant says who gave it, for what, how much and until when', (t) => {
  t.deepEqual(verifyArchiveGrant(TOKEN, 'acme-1'), { ...GRANT, operator: key(OPERATOR) });
});

const parts = TOKEN.split('.');
const FORGED: Record<string, string> = {
  'by another operator': [key(STRANGER), ...parts.slice(1)].join('.'),
  'for another session': parts.with(1, 'f'.repeat(32)).join('.'),
  'for more': parts.with(2, '9999').join('.'),
  'for longer': parts.with(3, '9999').join('.'),
  'with another way to write it': parts.with(2, '01000').join('.'),
  'cut off': TOKEN.slice(0, -1),
  'too long': TOKEN + 'x'.repeat(300),
  empty: '',
};
for (const [what, token] of Object.entries(FORGED)) {
  test(`a grant ${what} is refused`, (t) => {
    t.throws(() => verifyArchiveGrant(token, 'acme-1'), { code: 'archive-grant-refused' });
  });
}

test('a grant for one relay is none for another', (t) => {
  t.throws(() => verifyArchiveGrant(TOKEN, 'acme-2'), { code: 'archive-grant-refused' });
});
