import test from 'ava';
import { digest, play } from './resume-scenario.js';

/** All of them with `npm test -- --long`. */
const SESSIONS = process.env.LIVELET_LONG_TESTS === '1' ? 1_000 : 100;
const GROUPS = 10;

for (let group = 0; group < GROUPS; group++) {
  test(`sessions on a failing line, ${group + 1} of ${GROUPS}`, async (t) => {
    t.timeout(1_800_000);
    let resumes = 0;
    for (let seed = group; seed < SESSIONS; seed += GROUPS) {
      const played = await play(seed);
      const what = `seed ${seed}: ${played.faults.join(', ')}`;
      resumes += played.resumes;
      const [operator, customer] = played.ends;
      const interrupted = operator.how === 'interrupted';
      if (interrupted) t.is(customer.how, 'interrupted', what);
      else t.deepEqual([operator.reason, customer.reason], ['person', 'person'], what);
      for (const { name, sent, received, whole } of played.carried) {
        if (whole) t.is(digest(received), digest(sent), `${what}: ${name}`);
        else t.true(sent.subarray(0, received.length).equals(received), `${what}: ${name} is a part`);
        if (name !== 'file' && !interrupted) t.true(whole, `${what}: ${name} is whole`);
      }
      t.true(
        played.presses.every((number, index) => index === 0 || number > (played.presses[index - 1] ?? 0)),
        `${what}: a press twice`,
      );
      if (!interrupted) t.deepEqual(played.granted[0], played.granted[1], what);
      t.is(played.timers, 0, `${what}: timers`);
    }
    t.true(resumes > 0);
  });
}
