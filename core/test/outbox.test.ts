import test from 'ava';
import { MuxStream } from '../src/channel/byte-stream.js';
import { Outbox } from '../src/channel/outbox.js';

test('a stream that is gone is kept no longer, even while nothing can be sent', (t) => {
  const outbox = new Outbox();
  const nothing = (): void => undefined;
  const owner = {
    ...{ sendable: nothing, creditDue: nothing, dropped: nothing, over: nothing },
    now: () => 0,
    leastRttMs: undefined,
  };
  const stream = new MuxStream({ id: 1, path: '/test/chat/1', priority: 'chat', owner, credit: 10 });
  void stream.write(Uint8Array.of(1));
  outbox.addStream(stream);
  outbox.addCredit(stream);
  outbox.forget(stream);
  t.is(outbox.next(0n, false), undefined);
});
