import { INPUT_PATH, type ServedPath, systemClock } from '@livelet/core';
import { connectedSessions } from '@livelet/core/test-support';
import test from 'ava';
import { InputTarget } from '../src/input-target.js';

const SERVED: ServedPath = { path: INPUT_PATH, priority: 'input', capability: 'control' };

test('streams that are gone before their turn open no display', async (t) => {
  const pair = await connectedSessions({
    customer: { hello: [{ id: 'test', version: '1.0.0', services: [INPUT_PATH] }] },
  });
  let opened = 0;
  const display = {
    get name() {
      opened++;
      return ':9999';
    },
  };
  const channel = pair.customer.pluginChannel({ serves: [SERVED], opens: [] });
  const target = new InputTarget(channel, display, { processIds: () => [] }, systemClock);
  target.start();
  pair.customer.ownGrants.grant('control');
  const controller = pair.operator.pluginChannel({
    serves: [],
    opens: [{ path: INPUT_PATH, priority: 'input' }],
  });
  const streams = await Promise.all(Array.from({ length: 20 }, () => controller.open(INPUT_PATH)));
  t.is(await streams.at(-1)?.closed, 'display-unavailable');
  t.true(opened <= 2, `${opened}`);
  await target.stop();
  await pair.operator.end('person');
});
