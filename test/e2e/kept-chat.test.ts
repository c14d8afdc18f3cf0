import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startProgram } from '../fixtures/program.js';
import { BRISK, startCast } from '../start/cast.js';
import { playUntilAllowed, sendChat } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

const [THERE, BACK] = ['canary-c41f-buongiorno', 'canary-9d02-grazie'];

/** What livelet-archive prints. */
async function archive(t: ExecutionContext, ...words: readonly string[]): Promise<string> {
  await using program = startProgram('relay/bin/livelet-archive.js', words);
  t.is(await program.exited, 0, program.output());
  return program.output();
}

/** Files below `folder` that hold one of the texts. */
async function filesWith(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  const found: string[] = [];
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name));
    if (texts.some((text) => bytes.includes(text))) found.push(name);
  }
  return found;
}

test.serial('a chat is kept where both people read it, and only the archive key opens it', async (t) => {
  let keys = '';
  await using cast = await startCast(undefined, {
    ...BRISK,
    prepareDeployment: async (file, folder) => {
      keys = join(folder, 'organisation');
      await archive(t, 'init', '--deployment', file, '--out', keys);
      return join(keys, 'deployment.json');
    },
  });
  const { operator, customer, session } = cast;
  const panel = await playUntilAllowed(operator, customer, session);
  for (const page of [operator, panel]) {
    await page.getByText('This chat is kept by 127.0.0.1.').waitFor();
    t.is(await page.locator('livelet-chat .message').count(), 0);
  }
  await sendChat(operator, THERE);
  await panel.locator('main').getByText(THERE).waitFor();
  await sendChat(panel, BACK);
  await operator.getByText(BACK).waitFor();
  await panel.getByRole('button', { name: 'Stop' }).click();
  await customer.getByText('Kept by 127.0.0.1', { exact: true }).waitFor();
  await session.livelet.exited;

  const access = [
    ...['--deployment', join(keys, 'deployment.json'), '--keys', keys],
    ...['--identity', join(session.folder, 'operator/identity.key')],
  ];
  // The operator's program sends its part when it has time.
  const queue = join(session.folder, 'operator/archive-queue');
  while ((await readdir(queue)).length > 0) await new Promise((look) => setImmediate(look));
  t.regex(
    await archive(t, 'list', ...access),
    /Maria Rossi and Anna Bianchi: 2 messages, told by operator and customer/,
  );
  const found = await archive(t, 'search', '--text', 'GRAZIE', ...access);
  t.regex(found, /2 messages/);
  t.true((await archive(t, 'export', ...access)).includes(`Anna Bianchi: ${BACK}`));
  t.deepEqual(await filesWith(session.folder, [THERE, BACK]), []);
  for (const { output } of [session.relay, session.operator, session.livelet]) {
    t.false(output().includes('canary'));
  }
});
