import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { Keymap } from '../src/keymap.js';
import { keysymOf } from '../src/keysyms.js';
import { SpareKeys } from '../src/spare-keys.js';
import { XConnection } from '../src/x-connection.js';

const run = promisify(execFile);
/** What got the keys. */
const WINDOW = 7;
const NOTHING_KEPT: ReadonlySet<number> = new Set();
/** Characters that no layout has and nobody foresees. */
const RARE = Array.from({ length: 300 }, (_, index) => String.fromCodePoint(0x4e00 + index));

/** A display's spare keys, their time in the test's hands. */
interface Pool extends AsyncDisposable {
  readonly name: string;
  readonly spares: SpareKeys;
  readonly clock: ManualClock;
  keymap(): Promise<Keymap>;
  /** Puts a character on a key of the present layout, as `SpareKeys.assign` says. */
  assign(character: string, kept?: ReadonlySet<number>): Promise<number | undefined>;
}

async function pool(): Promise<Pool> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb({ width: 640, height: 480 }));
  const display = stack.use(await XConnection.open(server.name, systemClock));
  const clock = new ManualClock();
  const keymap = async (): Promise<Keymap> =>
    new Keymap(display.firstKeycode, await display.keysyms(), await display.modifiers());
  const owned = stack.move();
  const at: Pool = {
    name: server.name,
    spares: new SpareKeys(display, clock),
    clock,
    keymap,
    async assign(character, kept = NOTHING_KEPT) {
      return at.spares.assign(await keymap(), keysymOf(character), kept, false);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
  return at;
}

/** The whole layout as programs that use XKB read it. */
async function compiled(name: string): Promise<string> {
  const { stdout } = await run('xkbcomp', ['-w', '0', '-xkb', name, '-'], { maxBuffer: 1 << 24 });
  return stdout;
}

test.serial('what people write in Europe comes with the first character that needs a key', async (t) => {
  await using at = await pool();
  t.is(await at.assign('Ω'), 0);
  const keymap = await at.keymap();
  for (const character of 'Ωàèéìòùç€£°§äöü') {
    const plan = at.spares.find(keysymOf(character), false);
    t.truthy(plan, character);
    t.deepEqual(keymap.plan(character, 0), plan, character);
  }
  t.is(at.spares.find(keysymOf('a'), false), undefined);
});

test.serial('a character keeps its key and level while there are others, two on each key', async (t) => {
  await using at = await pool();
  const before = (await at.keymap()).spareKeycodes().length;
  const places = new Map<string, unknown>();
  const kept = new Set<number>();
  for (const character of RARE) {
    const assigned = await at.assign(character, kept);
    if (assigned === undefined) break;
    t.is(assigned, 0);
    const plan = at.spares.find(keysymOf(character), false);
    if (plan === undefined) break;
    at.spares.use(plan.keycode, WINDOW);
    kept.add(plan.keycode);
    places.set(character, plan);
  }
  // All that were foreseen and not used have gone for these.
  t.is(places.size, before * 2);
  const keymap = await at.keymap();
  for (const [character, place] of places) t.deepEqual(keymap.plan(character, 0), place, character);
});

test.serial('the key used longest ago is given other characters, and only when it has rested', async (t) => {
  await using at = await pool();
  let taken = 0;
  for (; taken < RARE.length; taken += 1) {
    const character = RARE[taken] ?? '';
    const assigned = await at.assign(character);
    if (assigned !== 0) break;
    at.spares.use(at.spares.find(keysymOf(character), false)?.keycode ?? 0, WINDOW);
    await at.clock.advance(1);
  }
  const first = at.spares.find(keysymOf(RARE[0] ?? ''), false);
  const last = at.spares.find(keysymOf(RARE[taken - 1] ?? ''), false);
  t.truthy(first);
  const rest = (await at.assign('新')) ?? 0;
  t.true(rest > 1000 && rest <= 2000, `${rest}`);
  await at.clock.advance(rest - 1);
  t.is(await at.assign('新'), 1);
  await at.clock.advance(1);
  t.is(await at.assign('新'), 0);
  t.deepEqual(at.spares.find(keysymOf(RARE[taken - 1] ?? ''), false), last);
  t.truthy(at.spares.find(keysymOf('新'), false));
  t.is(await at.assign('力'), 0, 'beside it');
  // The next key was used 1 ms later; nobody need wait for a program that has seen to it.
  t.is(await at.assign('国'), 1);
  at.spares.seen(WINDOW + 1);
  t.is(await at.assign('国'), 1);
  at.spares.seen(WINDOW);
  t.is(await at.assign('国'), 0);
});

test.serial(
  'while Shift is held at the customer a character gets a key that Shift leaves alone',
  async (t) => {
    await using at = await pool();
    const keysym = keysymOf('漢');
    t.is(at.spares.assign(await at.keymap(), keysym, NOTHING_KEPT, true), 0);
    t.true(at.spares.find(keysym, true)?.shift);
    t.false(at.spares.find(keysym, false)?.shift);
    const plan = at.spares.find(keysym, false);
    t.true((await at.keymap()).writes(plan?.keycode ?? 0, '漢', 1));
  },
);

test.serial("the customer's layout is exactly as it was, key types too", async (t) => {
  await using at = await pool();
  for (const layout of ['us', 'it', 'us,ru']) {
    await run('setxkbmap', ['-layout', layout], { env: { ...process.env, DISPLAY: at.name } });
    const before = await compiled(at.name);
    const rows = await at.keymap();
    for (const character of RARE.slice(0, 40)) t.is(await at.assign(character), 0);
    t.not(await compiled(at.name), before);
    at.spares.restore(await at.keymap());
    t.deepEqual((await at.keymap()).spareKeycodes(), rows.spareKeycodes(), layout);
    t.is(await compiled(at.name), before, layout);
  }
});
