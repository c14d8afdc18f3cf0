import test from 'ava';
import { identityFromSeed } from '../../src/channel/identity.js';
import { LiveletError } from '../../src/errors.js';
import { ownArchive, parseArchiveChoice, signArchiveChoice } from '../../src/sealed/archive-choice.js';
import { signDeployment } from '../../src/transport/deployment.js';

const ORGANISATION = identityFromSeed(new Uint8Array(32).fill(1));
const STRANGER = identityFromSeed(new Uint8Array(32).fill(2));
const KEY = `${'c'.repeat(42)}A=`;
const BARE = { relayUrl: 'wss://relay.example:7443', deploymentId: 'acme-1', pins: [], archiveKey: KEY };
const DEPLOYMENT = signDeployment(BARE, ORGANISATION);
const ELSEWHERE = { ...BARE, relayUrl: 'wss://archive.example', deploymentId: 'archive-1' };
const CHOICE = signArchiveChoice(ELSEWHERE, 1000, ORGANISATION);

test('an archive that the organisation signed is taken', (t) => {
  t.deepEqual(parseArchiveChoice(JSON.stringify(CHOICE, undefined, 2), DEPLOYMENT), CHOICE);
});

test('without a choice it is the relay of the deployment, and without a key nothing is kept', (t) => {
  t.deepEqual(ownArchive({ ...DEPLOYMENT, region: 'EU' }), BARE);
  const { archiveKey: _, ...keyless } = BARE;
  t.is(ownArchive(keyless), undefined);
});

const REFUSED: Record<string, unknown> = {
  'signed by someone else': signArchiveChoice(ELSEWHERE, 1000, STRANGER),
  'with another address': { ...CHOICE, relayUrl: 'wss://thief.example' },
  'with another pin': { ...CHOICE, pins: [`sha256/${'B'.repeat(43)}=`] },
  'with another key': { ...CHOICE, archiveKey: `${'d'.repeat(42)}A=` },
  'with another time': { ...CHOICE, issuedAt: 1001 },
  'with more in it': { ...CHOICE, region: 'EU' },
  'without a signature': { ...CHOICE, signature: undefined },
  'without a key': { ...CHOICE, archiveKey: undefined },
  'whose signature is of a deployment': { ...CHOICE, signature: DEPLOYMENT.signature },
  'that is no object': [CHOICE],
  'that is a deployment': DEPLOYMENT,
  'that is too long': { ...CHOICE, more: 'x'.repeat(5000) },
};
for (const [what, choice] of Object.entries(REFUSED)) {
  test(`a choice ${what} is refused`, (t) => {
    const error = t.throws(() => parseArchiveChoice(JSON.stringify(choice), DEPLOYMENT));
    t.true(error instanceof LiveletError);
    t.like(error, { code: 'archive-choice-refused' });
  });
}

test('where no organisation is named, no choice counts', (t) => {
  const error = t.throws(() => parseArchiveChoice(JSON.stringify(CHOICE), BARE));
  t.like(error, { code: 'archive-choice-refused' });
});
