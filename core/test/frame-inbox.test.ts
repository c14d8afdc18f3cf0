import test from 'ava';
import { FrameInbox } from '../src/channel/frame-inbox.js';
import { SimulatedNetwork, settled } from '../test-support/index.js';

test('many small frames of a peer who is ahead all wait, in order', async (t) => {
  const { operator, customer } = new SimulatedNetwork().connect();
  const inbox = new FrameInbox(operator);
  const count = 2_000;
  for (let index = 0; index < count; index++) customer.send(Uint8Array.of(index >> 8, index));
  await settled();
  const { signal } = new AbortController();
  for (let index = 0; index < count; index++) {
    t.deepEqual(await inbox.next(signal), Uint8Array.of(index >> 8, index));
  }
});

for (const [what, size, fits] of [
  ['large', 60_000, 69],
  ['empty but for a byte', 1, 32_513],
] as const) {
  test(`frames that wait hold at most 4 MiB: ${what}`, async (t) => {
    const { operator, customer } = new SimulatedNetwork().connect();
    const inbox = new FrameInbox(operator);
    for (let index = 0; index <= fits; index++) customer.send(new Uint8Array(size));
    await settled();
    const { signal } = new AbortController();
    for (let index = 0; index < fits; index++) await inbox.next(signal);
    await t.throwsAsync(inbox.next(signal), { code: 'handshake-malformed' });
  });
}
