import test from 'ava';
import fc from 'fast-check';
import { identityFromSeed } from '../../src/channel/identity.js';
import { LiveletError } from '../../src/errors.js';
import { parseDeployment, relayAddress, signDeployment } from '../../src/transport/deployment.js';

const PIN = `sha256/${'A'.repeat(43)}=`;
const GOOD = { relayUrl: 'wss://relay.example:7443', deploymentId: 'acme-1', pins: [PIN] };

test('a deployment file is read whole', (t) => {
  const full = { ...GOOD, region: 'EU', supportKey: `${'b'.repeat(43)}=`, archiveKey: `${'c'.repeat(43)}=` };
  t.deepEqual(parseDeployment(JSON.stringify(full)), full);
  t.deepEqual(parseDeployment(JSON.stringify({ ...GOOD, pins: [] })).pins, []);
});

test('host and port come from the address', (t) => {
  const addressOf = (relayUrl: string): object => relayAddress({ ...GOOD, relayUrl });
  t.deepEqual(addressOf('wss://relay.example:7443'), { host: 'relay.example', port: 7443 });
  t.deepEqual(addressOf('https://relay.example'), { host: 'relay.example', port: 443 });
  t.deepEqual(addressOf('wss://[2001:db8::1]:8443/'), { host: '2001:db8::1', port: 8443 });
});

const BAD: Record<string, unknown> = {
  relayUrl: [
    'ws://relay.example',
    'http://relay.example',
    'relay.example:7443',
    'wss://user:password@relay.example',
    'wss://relay.example/path',
    'wss://relay.example/?query',
    'wss://',
    `wss://${'a'.repeat(300)}.example`,
    7443,
  ],
  deploymentId: ['', 'with space', 'a'.repeat(65), null, 5],
  pins: ['sha256/x', [PIN.replace('sha256', 'sha1')], [`${PIN} `], Array(9).fill(PIN), {}, [5]],
  region: ['', '<b>', 'a'.repeat(65), 1],
  supportKey: ['short', `${'b'.repeat(44)}`, 1],
  archiveKey: ['short', 1],
  pin: [PIN],
  organisationKey: ['short', 1],
  signature: ['short', `${'a'.repeat(88)}`, 1],
  constructor: ['x'],
};
for (const [key, values] of Object.entries(BAD)) {
  test(`a bad ${key} is refused by name`, (t) => {
    for (const value of values as unknown[]) {
      const text = JSON.stringify({ ...GOOD, [key]: value });
      const error = t.throws(() => parseDeployment(text), { instanceOf: LiveletError }, text);
      t.like(error, { code: 'deployment-invalid', data: { key } });
    }
  });
}

const ORGANISATION = identityFromSeed(new Uint8Array(32).fill(1));
const STRANGER = identityFromSeed(new Uint8Array(32).fill(2));
const SIGNED = signDeployment({ ...GOOD, region: 'EU', archiveKey: `${'c'.repeat(42)}A=` }, ORGANISATION);

test('a signed deployment is read, in whatever order and layout its parts stand', (t) => {
  t.deepEqual(parseDeployment(JSON.stringify(SIGNED)), SIGNED);
  const reversed = Object.fromEntries(Object.entries(SIGNED).reverse());
  t.deepEqual(parseDeployment(JSON.stringify(reversed, undefined, 4)), SIGNED);
});

const ALTERED: Record<string, object> = {
  'another relay': { relayUrl: 'wss://elsewhere.example:7443' },
  'another name': { deploymentId: 'acme-2' },
  'another pin': { pins: [`sha256/${'B'.repeat(43)}=`] },
  'one more pin': { pins: [PIN, PIN] },
  'another region': { region: 'US' },
  'no region': { region: undefined },
  'another archive': { archiveKey: `${'d'.repeat(42)}A=` },
  'a support key': { supportKey: `${'d'.repeat(42)}A=` },
  'another organisation': { organisationKey: signDeployment(GOOD, STRANGER).organisationKey },
  'the signature of another file': { signature: signDeployment(GOOD, ORGANISATION).signature },
  'no signature': { signature: undefined },
  'no organisation': { organisationKey: undefined },
};
for (const [what, change] of Object.entries(ALTERED)) {
  test(`a signed deployment with ${what} is refused`, (t) => {
    const error = t.throws(() => parseDeployment(JSON.stringify({ ...SIGNED, ...change })));
    t.like(error, { code: 'deployment-invalid', data: { key: 'signature' } });
  });
}

test('signing again replaces the organisation', (t) => {
  const mine = signDeployment(SIGNED, STRANGER);
  t.deepEqual(parseDeployment(JSON.stringify(mine)), mine);
  t.not(mine.organisationKey, SIGNED.organisationKey);
});

test('what is missing is named', (t) => {
  for (const key of ['relayUrl', 'deploymentId', 'pins']) {
    const error = t.throws(() => parseDeployment(JSON.stringify({ ...GOOD, [key]: undefined })));
    t.like(error, { code: 'deployment-invalid', data: { key } });
  }
});

test('any text gives a deployment or the one error', (t) => {
  const texts = fc.oneof(fc.string(), fc.json(), fc.constant('x'.repeat(20_000)));
  fc.assert(
    fc.property(texts, (text) => {
      const error = t.throws(() => parseDeployment(text), { instanceOf: LiveletError });
      return error?.code === 'deployment-invalid';
    }),
  );
});
