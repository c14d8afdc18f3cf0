import { once } from 'node:events';
import test from 'ava';
import { processTree } from '../fixtures/process-tree.js';
import { pictureEqualsDisplay } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { type Cast, REACTION, startCast } from '../start/cast.js';
import { playUntilAllowed } from '../start/people.js';

/** A session in which the operator sees the customer's screen. */
async function startViewing(): Promise<Cast> {
  await using stack = new AsyncDisposableStack();
  const cast = stack.use(await startCast());
  cast.panel = await playUntilAllowed(cast.operator, cast.customer, cast.session);
  await pictureEqualsDisplay(cast.operator, cast.desktop.scene.connection, cast.desktop);
  stack.move();
  return cast;
}

/** The Livelet ends by itself and leaves no process. */
async function liveletEnds({ session }: Cast): Promise<number> {
  const id = session.livelet.process.pid ?? 0;
  await withDeadline(session.livelet.exited, REACTION, 'the Livelet to exit');
  return processTree(id).length;
}

test.serial('the display is killed: both are told, the Livelet ends', async (t) => {
  await using cast = await startViewing();
  process.kill(cast.desktop.processId, 'SIGKILL');
  await cast.operator.getByRole('heading', { name: 'Session with Anna Bianchi ended' }).waitFor();
  await cast.customer.getByText('The program has closed. Nobody can connect.').waitFor();
  t.is(await liveletEnds(cast), 0);
});

test.serial('the customer’s page goes away: the session ends within seconds, the Livelet too', async (t) => {
  await using cast = await startViewing();
  await cast.customer.close();
  await cast.operator.getByRole('heading', { name: 'Session with Anna Bianchi ended' }).waitFor();
  t.is(await liveletEnds(cast), 0);
});

test.serial('the operator’s program is killed: the customer is told, and Stop ends it all', async (t) => {
  await using cast = await startViewing();
  cast.session.operator.process.kill('SIGKILL');
  await once(cast.session.operator.process, 'exit');
  await cast.panel.getByRole('heading', { name: 'The connection to Maria Rossi was lost' }).waitFor();
  await cast.panel.getByRole('button', { name: 'Stop' }).click();
  await cast.customer.getByText('The program has closed. Nobody can connect.').waitFor();
  t.is(await liveletEnds(cast), 0);
});

test.serial('the operator’s page reloads: the picture is whole again, and exact', async (t) => {
  await using cast = await startViewing();
  await cast.operator.reload();
  await pictureEqualsDisplay(cast.operator, cast.desktop.scene.connection, cast.desktop);
  t.true(await cast.panel.getByRole('switch', { name: 'see your screen' }).isChecked());
});
