import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import { processTree } from '../fixtures/process-tree.js';
import { root } from '../fixtures/program.js';
import { withDeadline } from '../fixtures/with-deadline.js';

test('Ctrl-C ends npm start with its windows, and leaves no process and no file', async (t) => {
  await using screen = await startXvfb();
  // Short: a browser's socket in it may have a path of at most 107 characters.
  const folder = await mkdtemp('/tmp/ls-');
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const start = spawn(process.execPath, [join(root, 'test/dist/start/start.js')], {
    // A process group of its own, as in a terminal: Ctrl-C reaches every process in it.
    detached: true,
    env: { ...process.env, DISPLAY: screen.name, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(start, 'exit');
  let said = '';
  const ready = (async () => {
    for await (const chunk of start.stdout) {
      said += chunk;
      if (said.includes('Ctrl-C')) return;
    }
  })();
  await withDeadline(ready, 30_000, 'npm start to be ready');
  const group = start.pid ?? 0;
  const ids = processTree(group).map(({ id }) => id);
  t.true(ids.length > 5, 'relay, hosts and browsers run');
  process.kill(-group, 'SIGINT');
  await withDeadline(ended, 30_000, 'npm start to end');
  t.deepEqual(
    ids.filter((id) => processTree(id).length > 0),
    [],
  );
  t.deepEqual(await readdir(folder), []);
});
