import test from 'ava';
import { createHostContainer, type HostContainer } from '../src/composition/host-container.js';
import { type PagePort, systemClock } from '../src/index.js';
import { connectedSessions } from '../test-support/index.js';

const folder = new URL('../../test/plugins/standing/', import.meta.url);
const { events }: { events: string[] } = await import(new URL('index.js', folder).href);

const host = (role: string): Promise<HostContainer> =>
  createHostContainer({ clock: systemClock, plugins: [{ folder, role }] });

function port(name: string): PagePort {
  const nothing = { [Symbol.dispose]: () => undefined };
  return {
    name,
    bufferedBytes: 0,
    post: () => undefined,
    onMessage: () => nothing,
    onClose: () => nothing,
    close: () => undefined,
  };
}

test.beforeEach(() => void events.splice(0));

test.serial('a standing part runs from the start of its host to its end, sessions or not', async (t) => {
  const left = await host('helper');
  t.deepEqual(
    left.standing.contributions.map(({ plugin, contribution }) => [plugin, contribution.id]),
    [['test.standing', 'help']],
  );
  t.true(left.standing.connectPort(port('plugin:test.standing:help')));
  t.false(left.standing.connectPort(port('plugin:test.standing:tool')), 'which is of a session');
  const pair = await connectedSessions({});
  const session = await left.openSession(pair.operator);
  t.deepEqual(
    session.contributions.map(({ contribution }) => contribution.id),
    ['tool'],
  );
  t.false(session.connectPort(port('plugin:test.standing:help')));
  await session[Symbol.asyncDispose]();
  t.deepEqual(events, ['start', 'port plugin:test.standing:help']);
  await left[Symbol.asyncDispose]();
  t.deepEqual(events.at(-1), 'stop');
});

for (const role of ['failing', 'leaking']) {
  test.serial(`a part that doesn't start is absent and its host runs: ${role}`, async (t) => {
    await using left = await host(role);
    t.is(left.standing.absent.get('test.standing')?.code, 'plugin-start-failed');
    t.deepEqual(left.standing.contributions, []);
  });
}
