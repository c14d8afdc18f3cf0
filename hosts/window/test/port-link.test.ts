import type { PagePort, PortMessage } from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import { decodeFrame, encodeFrame, type FrameHeader } from '../page/link/frames.js';
import { type LinkListener, PortLink } from '../page/link/port-link.js';

/** Two ends that hear each other at once. */
function pair(listener: LinkListener = {}): { page: PortLink; host: PortLink; ports: PagePort[] } {
  const ports: PagePort[] = [];
  const page: PortLink = new PortLink(
    { bufferedBytes: 0, send: (frame) => host.receive(encodeFrame(frame)), close() {} },
    listener,
  );
  const host: PortLink = new PortLink(
    { bufferedBytes: 0, send: (frame) => page.receive(encodeFrame(frame)), close() {} },
    { onPort: (port) => ports.push(port), ...listener },
  );
  return { page, host, ports };
}

function collect(port: PagePort | undefined): PortMessage[] {
  const messages: PortMessage[] = [];
  port?.onMessage((message) => messages.push(message));
  return messages;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what came before the first listener is kept for it, in order and before what comes later', async (t) => {
  const { page, ports } = pair();
  const port = page.open('page');
  port.post({ json: 1 });
  port.post({ json: 2 });
  const messages = collect(ports[0]);
  port.post({ json: 3 });
  await turn();
  t.deepEqual(messages, [{ json: 1 }, { json: 2 }, { json: 3 }]);
});

test('a listener that disposes itself at the first message leaves the rest for the next', async (t) => {
  const { page, ports } = pair();
  const port = page.open('page');
  port.post({ json: 1 });
  port.post({ json: 2 });
  const first: PortMessage[] = [];
  const subscription = ports[0]?.onMessage((message) => {
    subscription?.[Symbol.dispose]();
    first.push(message);
  });
  await turn();
  const second = collect(ports[0]);
  await turn();
  t.deepEqual([first, second], [[{ json: 1 }], [{ json: 2 }]]);
});

test('closing either end closes both, once; later posts and messages do nothing', async (t) => {
  for (const end of ['page', 'host'] as const) {
    const { page, ports } = pair();
    const inPage = page.open('page');
    const [inHost] = ports;
    let closed = 0;
    inPage.onClose(() => closed++);
    inHost?.onClose(() => closed++);
    const messages = collect(inHost);
    await turn();
    (end === 'page' ? inPage : inHost)?.close();
    inPage.close();
    inPage.post({ json: 'late' });
    inHost?.post({ json: 'late' });
    let late = 0;
    inPage.onClose(() => late++);
    await turn();
    t.deepEqual([closed, late, messages], [2, 1, []]);
  }
});

test('closing the link closes its ports, and a port opened afterwards is closed', async (t) => {
  const { page, host, ports } = pair();
  page.open('page');
  let closed = 0;
  ports[0]?.onClose(() => closed++);
  host.close();
  t.is(closed, 1);
  page.close();
  page.open('other').onClose(() => closed++);
  await turn();
  t.is(closed, 2);
});

test("a listener's failure is its own: the others hear, and the link goes on", async (t) => {
  const failures: unknown[] = [];
  const { page, ports } = pair({ onFailed: (error) => failures.push(error) });
  const port = page.open('page');
  const failure = new Error('mine');
  ports[0]?.onMessage(() => {
    throw failure;
  });
  const messages = collect(ports[0]);
  port.post({ json: 1 });
  port.post({ json: 2 });
  await turn();
  t.deepEqual(failures, [failure, failure]);
  t.is(messages.length, 2);
});

test('a port that nobody listens to keeps so much and is then closed', (t) => {
  const { page } = pair();
  const port = page.open('page');
  let closed = 0;
  port.onClose(() => closed++);
  const bytes = new Uint8Array(12 * 1024 * 1024);
  for (let posts = 0; posts < 3; posts += 1) port.post({ json: '', bytes });
  t.is(closed, 1);
});

test('ids used before, ids from the host, and too many ports are refused', (t) => {
  const { page, host } = pair();
  for (let opened = 0; opened < 64; opened += 1) page.open(`port ${opened}`);
  t.throws(() => page.open('one more'), { code: 'message-malformed' });
  t.throws(() => host.receive(encodeFrame({ header: { open: 3, name: 'again' } })), {
    code: 'message-malformed',
  });
  t.throws(() => page.receive(encodeFrame({ header: { open: 99, name: 'from host' } })), {
    code: 'message-malformed',
  });
});

test('pings are answered without anybody listening', (t) => {
  const pongs: number[] = [];
  const { host } = pair({ onPong: (ping) => pongs.push(ping) });
  host.ping(7);
  t.deepEqual(pongs, [7]);
});

test('frames read as they were written', (t) => {
  fc.assert(
    fc.property(fc.nat(), fc.jsonValue(), fc.uint8Array({ minLength: 1 }), (port, value, bytes) => {
      // JSON has no -0.
      const json = JSON.parse(JSON.stringify(value));
      t.deepEqual(decodeFrame(encodeFrame({ header: { port, json }, bytes })), {
        header: { port, json },
        bytes,
      });
    }),
  );
});

test('whatever bytes come, they are a frame or refused by name', (t) => {
  const header: FrameHeader = { port: 1, json: { text: 'x' } };
  const valid = encodeFrame({ header, bytes: Uint8Array.of(1, 2, 3) });
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(valid.length - 1),
      fc.nat(255),
      (random, at, value) => {
        const flipped = Uint8Array.from(valid);
        flipped[at] = value;
        for (const data of [random, flipped, valid.subarray(0, at)]) {
          try {
            t.is(typeof decodeFrame(data).header, 'object');
          } catch (error) {
            t.regex((error as { code: string }).code, /^message-(malformed|too-large)$/);
          }
        }
      },
    ),
  );
});
