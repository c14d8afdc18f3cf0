import test from 'ava';
import { type Cast, startCast } from '../start/cast.js';
import { TOUR } from '../start/exchange-steps.js';
import { STEPS } from '../start/steps.js';

let cast: Cast;
test.before(async () => {
  cast = await startCast(undefined, TOUR);
});
test.after.always(() => cast?.[Symbol.asyncDispose]());

for (const { title, play } of STEPS) {
  test.serial(title, async (t) => {
    await play(cast, (what, holds) => t.true(holds, what));
  });
}
