import test from 'ava';
import fc from 'fast-check';
import { messageStream } from '../src/index.js';
import { CHAT, readUntilError, SCREEN, streams } from './streams-fixture.js';

test('messages arrive whole, however large', async (t) => {
  const { open } = await streams();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100_000 })), {
        maxLength: 10,
      }),
      async (sent) => {
        const { near, far } = await open(SCREEN);
        const out = messageStream(near, 100_000);
        for (const message of sent) void out.send(message);
        out.closeWrite();
        const got: Buffer[] = [];
        for await (const message of messageStream(far, 100_000)) got.push(Buffer.from(message));
        t.deepEqual(
          got,
          sent.map((message) => Buffer.from(message)),
        );
        far.closeWrite();
      },
    ),
    { numRuns: 40 },
  );
});

test('a message over the maximum is refused on both sides', async (t) => {
  const { open } = await streams();
  const { near, far } = await open(CHAT);
  await t.throwsAsync(messageStream(near, 100).send(new Uint8Array(101)), { code: 'message-too-large' });
  void messageStream(near, 1_000).send(new Uint8Array(101));
  const { error } = await readUntilError(messageStream(far, 100));
  t.like(error, { code: 'message-too-large', data: { length: 101, maximum: 100 } });
  t.is(await near.closed, 'message-too-large');
});

test('a stream that closes within a message is malformed', async (t) => {
  const { open } = await streams();
  for (const bytes of [Uint8Array.of(0, 0), Uint8Array.of(0, 0, 0, 5, 1)]) {
    const { near, far } = await open(CHAT);
    void near.write(bytes);
    near.closeWrite();
    const { error } = await readUntilError(messageStream(far, 100));
    t.like(error, { code: 'message-malformed' });
  }
});
