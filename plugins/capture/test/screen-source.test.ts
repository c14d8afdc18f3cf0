import { SCREEN_PATH, type ServedPath, systemClock } from '@livelet/core';
import { connectedSessions, settled } from '@livelet/core/test-support';
import test from 'ava';
import { ScreenSource } from '../src/source/screen-source.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { FakeDisplay } from './fake-display.js';

const SERVED: ServedPath = { path: SCREEN_PATH, priority: 'screen', capability: 'view' };

/** Tells how often a stream has made it look at its displays. */
class CountingDisplay extends FakeDisplay {
  looks = 0;

  override displays(): ReturnType<FakeDisplay['displays']> {
    this.looks++;
    return super.displays();
  }
}

test('streams that are gone before their turn cost nothing', async (t) => {
  const pair = await connectedSessions({
    customer: { hello: [{ id: 'test', version: '1.0.0', services: [SCREEN_PATH] }] },
  });
  const display = new CountingDisplay(64, 64);
  const channel = pair.customer.pluginChannel({ serves: [SERVED], opens: [] });
  const { ownGrants } = pair.customer;
  const source = new ScreenSource(channel, display, new SharpTileEncoder(), systemClock, ownGrants);
  source.start();
  pair.customer.ownGrants.grant('view');
  const viewer = pair.operator.pluginChannel({
    serves: [],
    opens: [{ path: SCREEN_PATH, priority: 'screen' }],
  });
  const streams = await Promise.all(Array.from({ length: 20 }, () => viewer.open(SCREEN_PATH)));
  for (const stream of streams.slice(0, -1)) stream.reset('cancelled');
  await settled();
  await streams.at(-1)?.[Symbol.asyncIterator]().next();
  t.true(display.looks <= 2, `${display.looks}`);
  await source.stop();
  await pair.operator.end('person');
});
