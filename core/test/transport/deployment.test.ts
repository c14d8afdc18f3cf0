import test from 'ava';
import fc from 'fast-check';
import { LiveletError } from '../../src/errors.js';
import { parseDeployment, relayAddress } from '../../src/transport/deployment.js';

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
