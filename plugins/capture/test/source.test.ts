import { readdirSync, readlinkSync } from 'node:fs';
import { startXvfb } from '@livelet/compliance';
import {
  type ByteStream,
  createHostContainer,
  MAX_SOURCE_MESSAGE,
  messageStream,
  SCREEN_PATH,
  SharedDisplay,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair } from '@livelet/core/test-support';
import test from 'ava';
import { ContainerModule } from 'inversify';
import { ReferenceViewer } from './reference-viewer.js';
import type { StreamEnd } from './stream-pair.js';
import { imported, paintOn } from './x-client.js';

const folder = new URL('../../', import.meta.url);

interface HostedSource extends AsyncDisposable {
  readonly pair: SessionPair;
  open(): Promise<ByteStream>;
}

/** The source's half at the customer's end of a real channel; the test is the viewer at the other. */
async function hostSource(display: string): Promise<HostedSource> {
  await using stack = new AsyncDisposableStack();
  const host = stack.use(
    await createHostContainer({
      clock: systemClock,
      plugins: [{ folder, role: 'source' }],
      bindings: new ContainerModule(({ bind }) => {
        bind(SharedDisplay).toConstantValue({ name: display });
      }),
    }),
  );
  const pair = await connectedSessions({
    operator: { hello: [{ id: 'livelet.capture', version: '0.1.0', services: [] }] },
    customer: { hello: host.hello() },
  });
  stack.defer(async () => void (await pair.operator.end('person')));
  stack.use(await host.openSession(pair.customer));
  const channel = pair.operator.pluginChannel({
    serves: [],
    opens: [{ path: SCREEN_PATH, priority: 'screen' }],
  });
  const owned = stack.move();
  return {
    pair,
    open: () => channel.open(SCREEN_PATH),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function view(stream: ByteStream): ReferenceViewer {
  const messages: StreamEnd = Object.assign(messageStream(stream, MAX_SOURCE_MESSAGE), {
    closed: stream.closed,
  });
  return new ReferenceViewer(messages);
}

/** Segments of shared memory that this process has. */
function segments(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('/dev/shm/livelet-');
    } catch {
      return false;
    }
  }).length;
}

test.serial('the picture is seen while the view is granted, and no longer', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  using painter = await paintOn(xvfb.name);
  await painter.fill(0x334455, 0, 0, 320, 400);
  await using source = await hostSource(xvfb.name);
  await t.throwsAsync(source.open(), { code: 'not-granted' });

  source.pair.customer.ownGrants.grant('view');
  const stream = await source.open();
  const viewer = view(stream);
  const truth = await imported(xvfb.name);
  await viewer.until('the picture', () => viewer.picture.equals(truth));
  t.is(segments(), 1);

  source.pair.customer.ownGrants.revoke('view');
  t.is((await viewer.ended)?.code, 'revoked');
  await t.throwsAsync(source.open(), { code: 'not-granted' });

  source.pair.customer.ownGrants.grant('view');
  const again = view(await source.open());
  await again.until('the picture again', () => again.picture.equals(truth));
  t.is(again.geometry?.generation, 1);
});

test.serial('a second stream takes the place of the first', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  await using source = await hostSource(xvfb.name);
  source.pair.customer.ownGrants.grant('view');
  const first = view(await source.open());
  await first.until('a picture', () => first.frames.some(({ last }) => last));
  const second = view(await source.open());
  await second.until('a picture', () => second.frames.some(({ last }) => last));
  t.is((await first.ended)?.code, 'cancelled');
  t.is(segments(), 1);
});

test.serial('no display is told to the viewer by its code', async (t) => {
  await using source = await hostSource(':9999');
  source.pair.customer.ownGrants.grant('view');
  t.is(await (await source.open()).closed, 'display-unavailable');
});

test.after('no shared memory is left', (t) => {
  t.is(segments(), 0);
});
