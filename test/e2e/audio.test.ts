import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silence, startPulse, tone, wav } from '@livelet/compliance';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { startDesktop } from '../fixtures/desktop.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { type PersonsBrowser, startBrowser } from '../fixtures/session-pages.js';
import { openMark, playUntilAllowed } from '../start/people.js';

/** What each microphone hears, and what the computer plays, Hz. */
const [CUSTOMER, OPERATOR, COMPUTER] = [440, 660, 1000];
/** Whatever a person does shows within this, ms. */
const REACTION = 20_000;

async function allow(panel: Page, capability: string): Promise<void> {
  const given = panel.locator(`#switch-${capability}`);
  if (!(await given.isVisible())) await panel.locator('.switches summary').click();
  await given.check();
}

/** A browser with a microphone that hears a tone, and a loudspeaker of its own. */
async function personWith(
  t: ExecutionContext,
  hertz: number,
  sink: string,
  viewport: { width: number; height: number },
): Promise<PersonsBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-microphone-'));
  t.teardown(async () => await rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'microphone.wav');
  await writeFile(file, wav(Buffer.concat([tone(hertz, 300), silence(200)])));
  const person = await startBrowser({
    viewport,
    sink,
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${file}`,
    ],
  });
  person.context.setDefaultTimeout(REACTION);
  return person;
}

test.serial(
  'both people hear each other, and one hears the computer, as long as it is allowed',
  async (t) => {
    await using pulse = await startPulse(['computer', 'customer', 'operator']);
    process.env.PULSE_SERVER = pulse.environment.PULSE_SERVER;
    await using desktop = await startDesktop();
    await using session = await startLocalSession({ display: desktop.display });
    await using operator = await personWith(t, OPERATOR, 'operator', { width: 1440, height: 900 });
    await using customer = await personWith(t, CUSTOMER, 'customer', { width: 560, height: 900 });
    const [operatorHears, customerHears] = [pulse.listen('operator'), pulse.listen('customer')];
    const panel = await playUntilAllowed(operator.page, customer.page, session);
    const listening = await pulse.listeners();
    await operator.page.getByRole('tab', { name: 'Sound' }).click();
    const sound = operator.page.locator('livelet-sound-panel');
    await sound.getByText('No sound is allowed now.').waitFor();
    const asking = operator.page
      .getByRole('tabpanel')
      .getByRole('button', { name: 'Ask to hear', exact: true });
    await asking.waitFor();

    await allow(panel, 'hear');
    await t.notThrowsAsync(operatorHears.hears(CUSTOMER), 'the customer is heard');
    await panel.locator('main').getByText('Your microphone is on: your helper hears you.').waitFor();
    await sound.getByText('Their microphone is on: you hear them.').waitFor();
    await openMark(operator.page, 'You hear their voice').waitFor();
    await panel.getByRole('button', { name: 'Turn off my microphone' }).click();
    await sound.getByText('Their microphone is off.').waitFor();
    await t.notThrowsAsync(operatorHears.silent(400), 'until they switch it off');

    await allow(panel, 'hear-computer');
    await sound.getByText('You hear what their computer plays.').waitFor();
    await panel.locator('main').getByText('Your helper hears what your computer plays.').waitFor();
    await pulse.listenersAre(listening + 1);
    const played = pulse.play('computer', tone(COMPUTER, 1500));
    await t.notThrowsAsync(operatorHears.hears(COMPUTER), 'the computer is heard');
    await played;

    await allow(panel, 'speak');
    await panel.locator('main').getByText('Your helper’s microphone is off.').waitFor();
    await sound.getByRole('button', { name: 'Turn on my microphone' }).click();
    await t.notThrowsAsync(customerHears.hears(OPERATOR), 'the operator is heard');
    await panel.locator('main').getByText('Your helper’s microphone is on: you hear them.').waitFor();
    await openMark(operator.page, 'Microphone open').waitFor();

    await panel.getByRole('button', { name: 'Stop' }).click();
    await operator.page.getByRole('button', { name: 'New session' }).first().waitFor();
    await customerHears.silent(400);
    await t.notThrowsAsync(pulse.listenersAre(listening), 'nothing listens any more');
  },
);
