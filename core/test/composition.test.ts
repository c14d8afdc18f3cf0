import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { createHostContainer, type HostContainer } from '../src/composition/host-container.js';
import type { HostedSession } from '../src/composition/hosted-session.js';
import type { PagePort } from '../src/contracts/page-port.js';
import { LiveletError } from '../src/errors.js';
import { type PortMessage, systemClock } from '../src/index.js';
import type { PluginChoice } from '../src/plugins/loader.js';
import {
  connectedSessions,
  type PairOptions,
  type SessionPair,
  SimulatedRelay,
} from '../test-support/index.js';

const folder = (name: string): URL => new URL(`../../test/plugins/${name}/`, import.meta.url);
const echo: PluginChoice = { folder: folder('echo'), role: 'speaker' };

interface EchoPart {
  readonly channel: { remote(path: string): { say(text: string): Promise<string> } };
  readonly ports: PagePort[];
}
interface EchoModule {
  readonly events: string[];
  readonly running: ReadonlyMap<string, EchoPart>;
}
const echoModule: EchoModule = await import(new URL('index.js', folder('echo')).href);

/** Long runs open ten times as many sessions. */
const SESSIONS = process.env.LIVELET_LONG_TESTS ? 1000 : 100;

function host(...plugins: readonly PluginChoice[]): Promise<HostContainer> {
  return createHostContainer({ clock: systemClock, plugins });
}

async function connected(
  left: HostContainer,
  right: HostContainer,
  options: PairOptions = {},
): Promise<SessionPair> {
  const hellos = { operator: { hello: left.hello() }, customer: { hello: right.hello() } };
  return connectedSessions({ ...hellos, ...options });
}

async function refusal(choices: readonly PluginChoice[]): Promise<LiveletError> {
  try {
    await host(...choices);
  } catch (error) {
    if (error instanceof LiveletError) return error;
    throw error;
  }
  throw new Error('accepted');
}

/** A port as a page would open it; keeps what the host's side does with it. */
function pagePort(name: string): PagePort & { readonly closed: () => boolean } {
  let closed = false;
  return {
    name,
    bufferedBytes: 0,
    post: (_message: PortMessage) => undefined,
    onMessage: () => ({ [Symbol.dispose]: () => undefined }),
    onClose: () => ({ [Symbol.dispose]: () => undefined }),
    close: () => {
      closed = true;
    },
    closed: () => closed,
  };
}

test.serial('two hosts load a plugin, a session starts its halves, and they talk', async (t) => {
  await using left = await host(echo);
  await using right = await host(echo);
  t.deepEqual(left.hello(), [{ id: 'test.echo', version: '1.0.0', services: ['/test/echo/1'] }]);
  const pair = await connected(left, right);
  const sessions = await Promise.all([left.openSession(pair.operator), right.openSession(pair.customer)]);
  pair.customer.ownGrants.grant('chat');

  const answer = await echoModule.running.get('operator')?.channel.remote('/test/echo/1').say('hello');
  t.is(answer, 'customer heard hello');
  t.deepEqual(
    sessions[0].contributions.map(({ plugin, contribution }) => [plugin, contribution.id]),
    [['test.echo', 'panel']],
  );

  echoModule.events.length = 0;
  for (const session of sessions) await session[Symbol.asyncDispose]();
  t.deepEqual([...echoModule.events].sort(), ['stop customer', 'stop operator']);
  await pair.operator.end('person');
});

test.serial('without the grant the gate refuses the same call', async (t) => {
  await using left = await host(echo);
  await using right = await host(echo);
  const pair = await connected(left, right);
  await using _left = await left.openSession(pair.operator);
  await using _right = await right.openSession(pair.customer);
  const call = echoModule.running.get('operator')?.channel.remote('/test/echo/1').say('hello');
  await t.throwsAsync(async () => call, { instanceOf: LiveletError, code: 'not-granted' });
  await pair.operator.end('person');
});

test.serial('ports reach the plugin that contributed the panel, also when the page was first', async (t) => {
  await using left = await host(echo);
  await using right = await host(echo);
  const pair = await connected(left, right);
  const session = await left.openSession(pair.operator);
  const port = pagePort('plugin:test.echo:panel');
  t.true(session.connectPort(port));
  t.is(echoModule.running.get('operator')?.ports[0], port);
  t.false(session.connectPort(pagePort('plugin:test.echo:other')));
  t.false(session.connectPort(pagePort('plugin:test.nobody:panel')));
  t.false(session.connectPort(pagePort('page')));
  await session[Symbol.asyncDispose]();
  t.true(port.closed());
  await pair.operator.end('person');
});

test.serial(
  'a plugin whose other half is missing, or that fails to start, leaves the others running',
  async (t) => {
    await using left = await host(echo, { folder: folder('failing'), role: 'only' });
    await using right = await host({ folder: folder('echo'), role: 'lonely' });
    const pair = await connected(left, right);
    await using session = await left.openSession(pair.operator);
    t.deepEqual(
      [...session.absent].map(([id, { code }]) => [id, code]),
      [
        ['test.echo', 'service-unknown'],
        ['test.failing', 'plugin-start-failed'],
      ],
    );
    t.deepEqual(session.contributions, []);
    await pair.operator.end('person');
  },
);

test('a host binding that needs the session is refused when the host starts', async (t) => {
  const error = await refusal([echo, { folder: folder('leaking'), role: 'only' }]);
  t.is(error.code, 'plugin-binding-leaks-session');
  t.is(error.data.plugin, 'test.leaking');
});

test('two plugins of one id are refused', async (t) => {
  const error = await refusal([echo, echo]);
  t.is(error.code, 'plugin-duplicate');
  t.like(error.data, { name: 'test.echo', owner: 'test.echo' });
});

test('a role that the plugin lacks is refused', async (t) => {
  t.is((await refusal([{ ...echo, role: 'viewer' }])).code, 'manifest-invalid');
});

test('code that fails while loading, and a folder without a manifest, are blamed on the plugin', async (t) => {
  const broken = await refusal([{ folder: folder('broken'), role: 'only' }]);
  t.is(broken.code, 'plugin-load-failed');
  t.is(broken.data.plugin, 'test.broken');
  const missing = await refusal([{ folder: folder('missing'), role: 'only' }]);
  t.is(missing.code, 'plugin-load-failed');
});

test.serial(`${SESSIONS} sessions opened and ended leave nothing behind`, async (t) => {
  // AVA's workers take no --expose-gc.
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  await using left = await host(echo);
  await using right = await host(echo);
  const ended: WeakRef<HostedSession>[] = [];
  const channels: WeakRef<object>[] = [];

  const once = async (resumed: boolean): Promise<void> => {
    const relay = new SimulatedRelay();
    const pair = await connected(left, right, { relay });
    const sessions = await Promise.all([left.openSession(pair.operator), right.openSession(pair.customer)]);
    pair.customer.ownGrants.grant('chat');
    const remote = echoModule.running.get('operator')?.channel.remote('/test/echo/1');
    await remote?.say('hello');
    if (resumed) {
      const said = remote?.say('meanwhile');
      pair.link.cut();
      await pair.clock.advance(1_000);
      await said;
      t.is(pair.operator.statistics().resumes, 1);
    }
    await pair.operator.end('person');
    for (const session of sessions) {
      await session[Symbol.asyncDispose]();
      ended.push(new WeakRef(session));
    }
    channels.push(new WeakRef(pair.operator), new WeakRef(pair.customer));
  };
  for (let count = 0; count < SESSIONS; count += 1) await once(count % 2 === 0);
  // Weak references are cleared between turns of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  const alive = (references: readonly WeakRef<object>[]): number =>
    references.filter((reference) => reference.deref() !== undefined).length;
  t.true(alive(ended) <= 2, `${alive(ended)} of ${ended.length} sessions are still in memory`);
  t.true(alive(channels) <= 2, `${alive(channels)} of ${channels.length} channels are still in memory`);
});
