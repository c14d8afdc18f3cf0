import { randomBytes } from 'node:crypto';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { SourceLimits } from '../../src/limits/source-limits.js';
import { DEFAULT_SETTINGS } from '../../src/settings.js';
import { startVictim } from './victim.js';
import { ask, pair, SteadyPair, sourceOf, type Visitor, visit, WAYS } from './visitor.js';

const NAMEPLATES = 100_000;
const SECRETS = 1_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A nameplate that can't be waiting: nobody asked for a code, or all who did are joined. */
const guess = (index: number): string => String(index).padStart(5, '0');

for (const way of WAYS) {
  test.serial(`a code scanner over ${way} is banned after as many misses as the limits allow`, async (t) => {
    const victim = await startVictim(t, { socketsPerMinute: 1000 });
    const steady = await victim.steadyPair();
    const answers: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      answers.push(await ask(way, victim.port, { type: 'join', nameplate: guess(index) }, sourceOf(1)));
    }
    const lookedUp = DEFAULT_SETTINGS.claimsPerMinute / 2;
    t.deepEqual(answers.slice(0, lookedUp), Array(lookedUp).fill('codeNotValid'));
    t.deepEqual(answers.slice(lookedUp), Array(30 - lookedUp).fill('tooManyRequests'));
    t.is(await victim.happened('missed codeNotValid', lookedUp), lookedUp);
    t.is(await victim.happened('refused tooManyRequests', 30 - lookedUp), 30 - lookedUp);

    const joined = await pair(way, victim.port, await victim.authorize(), sourceOf(2));
    using others = new SteadyPair(joined.operator, joined.customer);
    await t.notThrowsAsync(others.roundTrip(), 'people at another source meet');
    await steady.roundTrip();
  });
}

test.serial('what a scanner can hope for follows from the limits, and is little', async (t) => {
  const clock = new ManualClock();
  const limits = new SourceLimits(clock, DEFAULT_SETTINGS);
  let lookedUp = 0;
  for (let time = 0; time < 24 * HOUR; time += 1000) {
    if (limits.claim('scanner')) {
      lookedUp += 1;
      limits.missed('scanner');
    }
    await clock.advance(1000);
  }
  const mostOfDay = (24 * DEFAULT_SETTINGS.claimsPerHour) / 2;
  t.true(lookedUp > 0 && lookedUp <= mostOfDay, `${lookedUp} of at most ${mostOfDay} a day`);
  // A company with 100 codes waiting at every moment, and a botnet of 1,000 addresses that guesses all day.
  const met = (1000 * mostOfDay * 100) / NAMEPLATES;
  const guessed = met / SECRETS;
  t.true(guessed < 0.001, `${guessed} sessions a day whose secret digits are guessed too`);
});

test.serial('an operator can’t take all nameplates, nor can anyone who isn’t one', async (t) => {
  const victim = await startVictim(t, { socketsPerMinute: 1000, unattachedPerSource: 1000 });
  const steady = await victim.steadyPair();
  const { codesPerOperator } = DEFAULT_SETTINGS;
  const waiting = [];
  for (let index = 0; index < codesPerOperator; index += 1) {
    const operator = await visit('tls-tcp', victim.port, sourceOf(1));
    t.teardown(() => operator[Symbol.dispose]());
    operator.say({ type: 'allocate', authorization: await victim.authorize() });
    waiting.push(await operator.hear());
  }
  t.is(waiting.filter((heard) => 'type' in heard && heard.type === 'code').length, codesPerOperator);
  for (let index = 0; index < 20; index += 1) {
    const question = { type: 'allocate', authorization: await victim.authorize() };
    t.is(await ask('tls-tcp', victim.port, question, sourceOf(1)), 'tooManyCodes');
  }
  t.is(await victim.happened('refused tooManyCodes', 20), 20);
  t.is(
    await victim.happened('allocated', codesPerOperator + 1),
    codesPerOperator + 1,
    'and the steady pair’s',
  );
  await steady.roundTrip();
});

test.serial('a flood of bad authorisations gets no code, and every one is counted', async (t) => {
  const victim = await startVictim(t, { socketsPerMinute: 1000, unattachedPerSource: 1000 });
  const steady = await victim.steadyPair();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const authorization = randomBytes(96).toString('base64url');
      return ask(
        WAYS[index % 2] ?? 'tls-tcp',
        victim.port,
        { type: 'allocate', authorization },
        sourceOf(index),
      );
    }),
  );
  t.deepEqual(new Set(answers), new Set(['tokenRefused']));
  t.is(await victim.happened('refused tokenRefused', 200), 200);
  t.is(await victim.happened('allocated', 1), 1, 'the steady pair’s');
  await steady.roundTrip();
});

test.serial('resume handles of strangers hold a bounded number of places', async (t) => {
  const resumes = 80;
  /** The other half is for operators. */
  const places = resumes / 2;
  const resumesPerSource = 10;
  const victim = await startVictim(t, {
    socketsPerMinute: 1000,
    unattachedPerSource: 1000,
    resumes,
    resumesPerSource,
  });
  const steady = await victim.steadyPair();
  const handle = (): string => randomBytes(32).toString('base64url');
  const wait = async (source: string): Promise<Visitor> => {
    const visitor = await visit('tls-tcp', victim.port, source);
    t.teardown(() => visitor[Symbol.dispose]());
    visitor.say({ type: 'resume', handle: handle() });
    return visitor;
  };
  const refused = async (source: string, reason: string): Promise<void> => {
    t.is(await ask('tls-tcp', victim.port, { type: 'resume', handle: handle() }, source), reason);
  };
  for (let source = 1; source <= places / resumesPerSource; source += 1) {
    await Promise.all(Array.from({ length: resumesPerSource }, () => wait(sourceOf(source))));
    // Their questions were read before this one: a socket that is refused proves that the places are taken.
    await refused(sourceOf(source), 'tooManyRequests');
  }
  await refused(sourceOf(200), 'relayFull');
  t.is(await victim.happened('refused relayFull', 1), 1);
  await steady.roundTrip();
});
