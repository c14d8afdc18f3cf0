import test, { type ExecutionContext } from 'ava';
import { LiveletError } from '../../src/errors.js';
import { CloseReason, RESUME_HANDLE_BYTES } from '../../src/transport/relay-protocol.js';
import { allocateNameplate, joinNameplate, resumeRendezvous } from '../../src/transport/rendezvous.js';
import { ManualClock } from '../../test-support/manual-clock.js';
import { type RelaySide, type StandIn, standIn } from './relay-stand-in.js';

/** A relay that does `behave` with whoever connects next. */
async function relayThat(t: ExecutionContext, behave: (relay: RelaySide) => void): Promise<StandIn> {
  const relay = await standIn(t);
  void relay.next().then(behave);
  return relay;
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'none';
  } catch (error) {
    return error instanceof LiveletError ? error.code : String(error);
  }
}

const CODE = '{"type":"code","nameplate":"48291","lifetimeMs":600000}';
const JOINED = '{"type":"joined"}';

test('an operator gets code and transport', async (t) => {
  let socket: RelaySide | undefined;
  const { deployment } = await relayThat(t, (connected) => {
    socket = connected;
    connected.message(CODE);
  });
  const allocation = await allocateNameplate({ deployment, authorization: 'token' });
  t.is(allocation.nameplate, '48291');
  socket?.message(JOINED);
  const transport = await allocation.joined;
  t.deepEqual(transport.route, { kind: 'tls-tcp', why: 'first' });
  transport.close();
});

const BAD_CODES = [
  'not JSON',
  'null',
  '[]',
  JOINED,
  '{"type":"code","nameplate":"4829","lifetimeMs":600000}',
  '{"type":"code","nameplate":48291,"lifetimeMs":600000}',
  '{"type":"code","nameplate":"4829１","lifetimeMs":600000}',
  '{"type":"code","nameplate":"48291"}',
  '{"type":"code","nameplate":"48291","lifetimeMs":0}',
  '{"type":"code","nameplate":"48291","lifetimeMs":1.5}',
  '{"type":"code","nameplate":"48291","lifetimeMs":1e300}',
  '{"type":"code","nameplate":"48291","lifetimeMs":"600000"}',
  `{"type":"code","padding":"${'x'.repeat(1024)}"}`,
];
for (const answer of BAD_CODES) {
  test(`no code is read from ${answer.slice(0, 60)}`, async (t) => {
    const { deployment } = await relayThat(t, (socket) => socket.message(answer));
    t.is(await codeOf(allocateNameplate({ deployment, authorization: 'token' })), 'relay-protocol');
  });
}

test('a second code instead of joined is refused', async (t) => {
  const { deployment } = await relayThat(t, (socket) => {
    socket.message(CODE);
    socket.message(CODE);
  });
  const { joined } = await allocateNameplate({ deployment, authorization: 'token' });
  t.is(await codeOf(joined), 'relay-protocol');
});

const REFUSALS: [CloseReason, string][] = [
  [CloseReason.tokenRefused, 'relay-token-refused'],
  [CloseReason.tooManyCodes, 'relay-too-many-codes'],
  [CloseReason.tooManyRequests, 'relay-too-many-requests'],
  [CloseReason.relayFull, 'relay-full'],
  [CloseReason.shuttingDown, 'relay-closed'],
];
for (const [reason, expected] of REFUSALS) {
  test(`refused with ${reason}, an operator is told ${expected}`, async (t) => {
    const { deployment } = await relayThat(t, (socket) => socket.close(reason));
    t.is(await codeOf(allocateNameplate({ deployment, authorization: 'token' })), expected);
  });
}

test('a customer is told code-not-valid, and nothing is read from a wrong answer', async (t) => {
  const answers: [(relay: RelaySide) => void, string][] = [
    [(socket) => socket.close(CloseReason.codeNotValid), 'code-not-valid'],
    [(socket) => socket.message('{"type":"welcome"}'), 'relay-protocol'],
    [(socket) => socket.frame(Buffer.from(JOINED)), 'relay-protocol'],
    [(socket) => socket.cut(), 'relay-closed'],
  ];
  for (const [behave, expected] of answers) {
    const { deployment } = await relayThat(t, behave);
    t.is(await codeOf(joinNameplate({ deployment, nameplate: '48291' })), expected);
  }
});

test('cancelling closes the socket and rejects', async (t) => {
  let closed: Promise<unknown> = Promise.resolve();
  const { deployment } = await relayThat(t, (socket) => {
    closed = socket.gone;
    socket.message(CODE);
  });
  const allocation = await allocateNameplate({ deployment, authorization: 'token' });
  allocation.cancel();
  t.is(await codeOf(allocation.joined), 'cancelled');
  t.is(await closed, CloseReason.peerClosed);
});

test('a server that speaks no WebSocket here is told apart from none', async (t) => {
  const { deployment } = await standIn(t);
  const nowhere = { ...deployment, relayUrl: 'wss://127.0.0.1:1' };
  t.is(await codeOf(joinNameplate({ deployment: nowhere, nameplate: '48291' })), 'relay-unreachable');
});

const HANDLE = Buffer.alloc(RESUME_HANDLE_BYTES, 7);

test('an end comes back with a handle, and with what proves an operator', async (t) => {
  for (const authorization of [undefined, 'token']) {
    const relay = await standIn(t);
    const side = relay.next();
    const clock = new ManualClock();
    const resumed = resumeRendezvous({ deployment: relay.deployment, handle: HANDLE, authorization, clock });
    const connected = await side;
    const message = JSON.parse(String(await connected.heard()));
    t.deepEqual(message, {
      type: 'resume',
      handle: HANDLE.toString('base64url'),
      ...(authorization === undefined ? {} : { authorization }),
    });
    connected.message(JOINED);
    const transport = await resumed;
    t.is(transport.route.kind, 'tls-tcp');
    transport.close();
  }
});

test('an end whose peer doesn’t come back is told by the relay, and by itself where the relay falls silent', async (t) => {
  const refusing = await relayThat(t, (side) => side.close(CloseReason.codeNotValid));
  const refused = resumeRendezvous({ deployment: refusing.deployment, handle: HANDLE });
  t.is(await codeOf(refused), 'code-not-valid');

  const silent = await standIn(t);
  const side = silent.next();
  const clock = new ManualClock();
  const waiting = codeOf(resumeRendezvous({ deployment: silent.deployment, handle: HANDLE, clock }));
  const connected = await side;
  await connected.heard();
  await clock.advance(60_000);
  t.is(await waiting, 'relay-closed');
  await connected.gone;
});

test('a region that the operator doesn’t allow is refused before the relay hears anything', async (t) => {
  const relay = await standIn(t);
  for (const region of ['US', undefined]) {
    const deployment = { ...relay.deployment, ...(region === undefined ? {} : { region }) };
    const asked = allocateNameplate({ deployment, authorization: 'token', allowedRegions: ['EU', 'CH'] });
    t.is(await codeOf(asked), 'relay-region-refused');
  }
  t.is(relay.connections(), 0);
});

const REGIONS: readonly [file: string | undefined, said: string | undefined, expected: string][] = [
  ['EU', 'EU', 'none'],
  [undefined, 'EU', 'none'],
  [undefined, undefined, 'none'],
  ['EU', 'US', 'relay-region-unexpected'],
  ['EU', undefined, 'relay-region-unexpected'],
];
for (const [file, said, expected] of REGIONS) {
  test(`a deployment in ${file} and a relay that says ${said}: ${expected}`, async (t) => {
    const place = said === undefined ? {} : { region: said };
    const code = JSON.stringify({ type: 'code', nameplate: '48291', lifetimeMs: 600_000, ...place });
    for (const answer of [code, JSON.stringify({ type: 'joined', ...place })]) {
      const relay = await relayThat(t, (side) => side.message(answer));
      const deployment = { ...relay.deployment, ...(file === undefined ? {} : { region: file }) };
      const attempt =
        answer === code
          ? allocateNameplate({
              deployment,
              authorization: 'token',
              allowedRegions: file === undefined ? undefined : [file],
            })
          : joinNameplate({ deployment, nameplate: '48291' });
      t.is(await codeOf(attempt), expected);
    }
  });
}
