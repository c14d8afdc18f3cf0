import { startTinyProxy } from '@livelet/core/test-support';
import test from 'ava';
import { pictureEqualsDisplay } from '../fixtures/stage-picture.js';
import { BRISK, startCast } from '../start/cast.js';
import { playUntilAllowed, sendChat } from '../start/people.js';

test.serial('a whole session through a proxy that wants a password', async (t) => {
  await using resources = new AsyncDisposableStack();
  let label = '';
  const cast = resources.use(
    await startCast(undefined, {
      ...BRISK,
      hostOptions: async (relayPort) => {
        const options = { connectPort: relayPort, basicAuth: 'ali opensesame' };
        const proxy = resources.use(await startTinyProxy(options));
        label = `127.0.0.1:${proxy.port}`;
        return ['--proxy', `http://ali:opensesame@${label}`];
      },
    }),
  );
  const { operator, customer, session, desktop } = cast;
  cast.panel = await playUntilAllowed(operator, customer, session);
  await pictureEqualsDisplay(operator, desktop.scene.connection, desktop);
  await sendChat(cast.panel, 'through the proxy');
  await operator.getByText('through the proxy').waitFor();

  await operator.getByRole('tab', { name: 'Details' }).click();
  const facts = await operator.locator('session-details dd').allInnerTexts();
  for (const fact of ['TLS over TCP', label, 'The settings name a proxy']) t.true(facts.includes(fact), fact);
  const said = `${session.operator.output()}${session.livelet.output()}`;
  t.notRegex(said, /opensesame/);
  await cast.panel.getByRole('button', { name: 'Stop' }).click();
  await customer.getByText('The program has closed. Nobody can connect.').waitFor();
});
