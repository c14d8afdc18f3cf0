import { type CameraViewerUnderTest, portPair, testCameraViewer } from '@livelet/compliance';
import {
  type ByteStream,
  CAMERA_PATH,
  createHostContainer,
  MAX_CAMERA_MESSAGE,
  messageStream,
  SHOW_CAMERA_PATH,
  systemClock,
} from '@livelet/core';
import { connectedSessions } from '@livelet/core/test-support';
import test from 'ava';
import { type HostToTheir, THEIR_PIECE } from '../src/page-protocol.js';
import { folder } from './hosted-camera.js';

testCameraViewer((title, body) => test.serial(`${title} (operator)`, body), open('caller'));
testCameraViewer((title, body) => test.serial(`${title} (customer)`, body), open('answerer'));

/** One half with a page that confirms what it is given, unless it holds; the test sends to it. */
function open(role: 'caller' | 'answerer'): (holds: boolean) => Promise<CameraViewerUnderTest> {
  return async (holds) => {
    await using stack = new AsyncDisposableStack();
    const host = stack.use(await createHostContainer({ clock: systemClock, plugins: [{ folder, role }] }));
    const isCaller = role === 'caller';
    const hello = isCaller
      ? {
          operator: { hello: host.hello() },
          customer: {
            hello: [{ id: 'livelet.camera', version: '0.1.0', services: [CAMERA_PATH, SHOW_CAMERA_PATH] }],
          },
        }
      : { customer: { hello: host.hello() } };
    const pair = await connectedSessions(hello);
    stack.defer(async () => void (await pair.customer.end('person')));
    const { promise, resolve } = Promise.withResolvers<ByteStream>();
    if (isCaller) {
      const served = { path: CAMERA_PATH, capability: 'camera', priority: 'screen' } as const;
      const channel = pair.customer.pluginChannel({ serves: [served], opens: [] });
      channel.accept(CAMERA_PATH, resolve);
    }
    const session = stack.use(await host.openSession(isCaller ? pair.operator : pair.customer));
    const { host: port, page } = portPair(`plugin:livelet.camera:${THEIR_PIECE}`);
    session.connectPort(port);
    page.onMessage(({ json }) => {
      const message = json as unknown as HostToTheir;
      if (message.type !== 'frame' || holds) return;
      page.post({ json: { type: 'done', number: message.number } });
    });
    pair.customer.ownGrants.grant(isCaller ? 'camera' : 'show-camera');
    if (!isCaller) {
      const channel = pair.operator.pluginChannel({
        serves: [],
        opens: [{ path: SHOW_CAMERA_PATH, priority: 'screen' }],
      });
      resolve(await channel.open(SHOW_CAMERA_PATH));
    }
    const stream = await promise;
    const owned = stack.move();
    return {
      exchange: async (messages, answers) => {
        const given: Uint8Array[] = [];
        // The sender's own bound is none here: what is over the limit must be refused at the other end.
        const line = messageStream(stream, 2 * MAX_CAMERA_MESSAGE);
        for (const message of messages) line.send(message).catch(() => undefined);
        try {
          for await (const answer of line) {
            given.push(answer);
            if (given.length >= answers) return given;
          }
        } catch {
          // What the stream was reset with is what `closed` says.
        }
        return (await stream.closed) ?? 'internal';
      },
      [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
    };
  };
}
