import { AxeBuilder } from '@axe-core/playwright';
import { startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue, Locale } from '@livelet/core';
import test from 'ava';
import type { SoundState, TrackShown } from '../src/page-protocol.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const PANEL = new URL('../site/sound-panel.js', import.meta.url);

const OFF: TrackShown = { allowed: false, muted: false, live: false };
const ON: TrackShown = { allowed: true, muted: false, live: true };

const state = (role: SoundState['role'], tracks: Partial<SoundState['tracks']>): JsonValue =>
  ({
    type: 'state',
    role,
    peerName: 'Anna',
    tracks: { hear: OFF, 'hear-computer': OFF, speak: OFF, ...tracks },
    inputs: [
      { place: 'page', id: 'a', label: 'Headset' },
      { place: 'host', id: 'b', label: 'Webcam' },
    ],
    outputs: [{ place: 'page', id: 'c', label: 'Speakers' }],
    input: '',
    output: '',
    blocked: false,
  }) as unknown as JsonValue;

test.serial('the customer sees what is open, and switches it off and on', async (t) => {
  await using panel = await browser.open({ module: PANEL, size: { width: 360, height: 700 } });
  await panel.tell(state('answerer', {}));
  t.is((await panel.page.locator('livelet-sound-panel').innerText()).trim(), '', 'nothing is allowed');
  await panel.tell(state('answerer', { hear: ON }));
  await panel.page.getByText('Your microphone is on: your helper hears you.').waitFor();
  t.deepEqual(await panel.announced(), ['Your microphone is on: your helper hears you.']);
  t.deepEqual(await panel.marks(), ['Microphone open']);
  await panel.tell({ type: 'level', track: 'hear', level: 0.1 });
  const meter = panel.page.getByRole('meter', { name: 'How loud it is: Your microphone' });
  const level = await meter.evaluate((element) => (element as unknown as { value: number }).value);
  t.true(level > 0.6 && level < 0.7, `${level}`);
  await panel.page.getByRole('button', { name: 'Turn off my microphone' }).press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'mute', track: 'hear', muted: true } }]);
  await panel.tell(state('answerer', { hear: { ...OFF, allowed: true, muted: true } }));
  await panel.page.getByText('Your microphone is off.').waitFor();
  t.deepEqual(await panel.marks(), []);
  await panel.page.getByRole('button', { name: 'Turn on my microphone' }).press('Space');
  t.deepEqual(await panel.posted(), [{ json: { type: 'mute', track: 'hear', muted: false } }]);
  t.deepEqual(panel.problems, []);
});

test.serial(
  'the operator reads who switched a microphone off, and is offered what they can do',
  async (t) => {
    await using panel = await browser.open({ module: PANEL });
    await panel.tell(state('caller', { hear: ON }));
    await panel.page.getByRole('button', { name: 'Stop listening' }).waitFor();
    await panel.tell(state('caller', { hear: { ...OFF, allowed: true } }));
    await panel.page.getByText('Their microphone is off.').waitFor();
    t.is(await panel.page.getByRole('button', { name: /isten/ }).count(), 0);
    await panel.tell(state('caller', { hear: { ...OFF, allowed: true, muted: true } }));
    await panel.page.getByText('You don’t listen to their microphone.').waitFor();
    await panel.page.getByRole('button', { name: 'Listen again' }).click();
    t.deepEqual(await panel.posted(), [{ json: { type: 'mute', track: 'hear', muted: false } }]);
  },
);

test.serial('devices are chosen, and who has no echo protection is told so', async (t) => {
  await using panel = await browser.open({ module: PANEL });
  await panel.tell(state('caller', { speak: ON }));
  await panel.page.getByText('Choose microphone and loudspeaker').press('Enter');
  await panel.until(`posted.length === 1`);
  t.deepEqual(await panel.posted(), [{ json: { type: 'list' } }]);
  const microphone = panel.page.getByRole('combobox', { name: 'Microphone' });
  t.deepEqual(await microphone.locator('option').allInnerTexts(), [
    'Automatic',
    'Headset',
    'Webcam (without echo protection: use headphones)',
  ]);
  await microphone.selectOption('page:a');
  await panel.page.getByRole('combobox', { name: 'Loudspeaker' }).selectOption('page:c');
  t.deepEqual(await panel.posted(), [
    { json: { type: 'input', device: 'page:a' } },
    { json: { type: 'output', device: 'page:c' } },
  ]);
});

test.serial('a problem is told to both, each for their side', async (t) => {
  const broken: TrackShown = { allowed: true, muted: false, live: false, problem: 'audio-refused' };
  await using here = await browser.open({ module: PANEL });
  await here.tell(state('answerer', { hear: broken }));
  await here.page.getByRole('alert').getByText('The browser doesn’t allow the microphone.').waitFor();
  await here.page.getByRole('button', { name: 'Turn on my microphone' }).click();
  t.deepEqual(
    (await here.posted()).map(({ json }) => json),
    [
      { type: 'mute', track: 'hear', muted: true },
      { type: 'mute', track: 'hear', muted: false },
    ],
  );
  await using there = await browser.open({ module: PANEL });
  await there.tell(state('caller', { hear: broken }));
  await there.page.getByText('The browser at the other side doesn’t allow the microphone.').waitFor();
  const missing: TrackShown = { ...broken, problem: 'audio-unavailable' };
  await here.tell(state('answerer', { 'hear-computer': missing }));
  await here.page.getByRole('alert').getByText('On Linux install sox').waitFor();
  await there.tell(state('caller', { 'hear-computer': missing }));
  await there.page.getByRole('alert').getByText('On Linux it needs sox').waitFor();
  const unplugged: TrackShown = { ...broken, problem: 'audio-unplugged' };
  await here.tell(state('answerer', { 'hear-computer': unplugged }));
  await here.page.getByRole('alert').getByText('headphones of this computer went away').waitFor();
  await there.tell(state('caller', { 'hear-computer': unplugged }));
  await there.page.getByRole('alert').getByText('headphones of their computer went away').waitFor();
});

test.serial('the operator’s page is told what is open, in its language', async (t) => {
  await using panel = await browser.open({ module: PANEL });
  await panel.tell(state('caller', { hear: ON, 'hear-computer': ON, speak: ON }));
  t.deepEqual(await panel.marks(), ['You hear their voice', 'You hear their computer', 'Microphone open']);
  await panel.speak('it');
  t.deepEqual(await panel.marks(), ['Senti la sua voce', 'Senti il suo computer', 'Microfono acceso']);
  await panel.tell(state('caller', { speak: ON }));
  t.deepEqual(await panel.marks(), ['Microfono acceso']);
  // The browser plays nothing yet: nobody hears it, and what to do is said once.
  const mute = state('caller', { hear: ON, 'hear-computer': ON, speak: ON }) as object;
  await panel.tell({ ...mute, blocked: true });
  t.deepEqual(await panel.marks(), ['Premi ovunque per sentire l’audio', 'Microfono acceso']);
});

for (const locale of ['en', 'it'] as const satisfies readonly Locale[]) {
  test.serial(`axe finds nothing, 360 px are enough, ${locale}`, async (t) => {
    for (const role of ['answerer', 'caller'] as const) {
      await using panel = await browser.open({ module: PANEL, locale, size: { width: 360, height: 900 } });
      await panel.tell(state(role, { hear: ON, 'hear-computer': ON, speak: { ...OFF, allowed: true } }));
      await panel.page.locator('summary').click();
      const { violations } = await new AxeBuilder({ page: panel.page }).analyze();
      t.deepEqual(
        violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
        [],
      );
      t.is(await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
    }
  });
}
