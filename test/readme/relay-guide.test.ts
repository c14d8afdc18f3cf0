import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { access, chown, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import { endProcess } from '../fixtures/end-process.js';
import { root } from '../fixtures/program.js';
import { withDeadline } from '../fixtures/with-deadline.js';

const guide = readFileSync(join(root, 'docs/running-a-relay.md'), 'utf8');
/** Without any right: who the guide's relay runs as when the tests run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

type Kind = 'runnable' | 'service' | 'stopped';

function blocks(): readonly { readonly kind: Kind; readonly code: string }[] {
  return [...guide.matchAll(/^```sh (runnable|service|stopped)\n(.*?)^```$/gms)].map(
    ([, kind, code = '']) => ({
      kind: kind as Kind,
      code,
    }),
  );
}

/** Where the test's relay is, in place of the machine's own folders. */
interface Place {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** `code` with the test's folders and port. */
  here(code: string): string;
}

async function makePlace(t: ExecutionContext): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-guide-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  const state = join(folder, 'state');
  for (const path of [bin, state]) await mkdir(path, { mode: 0o755 });
  // The project's own Node may stand where the user without rights can't go.
  await copyFile(process.execPath, join(bin, 'node'));
  if (isRoot) {
    for (const path of [folder, state]) await chown(path, NOBODY, NOBODY);
  }
  const port = await freePort();
  const places: readonly (readonly [string, string])[] = [
    ['/opt/livelet-relay', join(folder, 'opt')],
    ['/var/lib/livelet-relay', state],
    ['relay.example', 'localhost'],
    ['7443', String(port)],
  ];
  return {
    folder,
    // What the project's own installation has fetched isn't fetched again.
    environment: { ...process.env, PATH: `${bin}:${process.env.PATH}`, npm_config_prefer_offline: 'true' },
    here: (code) => places.reduce((text, [place, own]) => text.replaceAll(place, own), code),
  };
}

interface Shell {
  readonly output: () => string;
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

/** A shell that stops at the first command that fails. */
function shell(place: Place, code: string, asUser: boolean): Shell {
  const user = asUser && isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn('bash', ['-euo', 'pipefail', '-c', place.here(code)], {
    cwd: asUser ? place.folder : root,
    env: { ...place.environment, ...(asUser ? { HOME: place.folder } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close').then(([status]) => Number(status ?? -1));
  return { output: () => said, ended, stop: () => endProcess(child, 20_000) };
}

async function run(t: ExecutionContext, place: Place, code: string, asUser: boolean): Promise<string> {
  const script = shell(place, code, asUser);
  const status = await withDeadline(
    script.ended,
    100_000,
    `the guide’s commands; they said ${script.output()}`,
  );
  t.is(status, 0, `${code}\n${script.output()}`);
  return script.output();
}

/** The relay that the guide starts, ready. */
async function startService(t: ExecutionContext, place: Place, code: string): Promise<Shell> {
  // The shell gives way to the relay, so that ending it ends the relay.
  const service = shell(place, `exec ${code.trimStart()}`, true);
  t.teardown(() => service.stop());
  const ready =
    'until node /opt/livelet-relay/node_modules/@livelet/relay/deploy/healthcheck.mjs 7443; do :; done';
  const waiting = shell(place, ready, true);
  const gone = service.ended.then((status) => {
    throw new Error(`the relay ended with status ${status}: ${service.output()}`);
  });
  gone.catch(() => undefined);
  await withDeadline(Promise.race([waiting.ended, gone]), 60_000, `the relay; it said ${service.output()}`);
  return service;
}

test('the guide’s commands do what it says, from nothing, the relay as a user without rights', async (t) => {
  t.timeout(400_000);
  const place = await makePlace(t);
  const all = blocks();
  const at = all.findIndex(({ kind }) => kind === 'service');
  t.true(at > 0);
  const before = all.slice(0, at).map(({ code }) => code);
  const names = before.filter((code) => code.startsWith('livelet_relay()')).join('');
  const service = all[at]?.code ?? '';
  await run(t, place, before.join(''), false);

  let relay = await startService(t, place, service);
  const while_ = all.slice(at + 1).filter(({ kind }) => kind === 'runnable');
  const said = await run(t, place, names + while_.map(({ code }) => code).join(''), true);
  t.true(said.includes('"status":"ready"'));
  t.true(said.includes('Anna Neri'));
  t.regex(said, /^https:\/\/localhost:\d+\/admin\/#[\w-]{43}$/m);
  t.true(said.includes('livelet_relay_sessions 0'));
  t.regex(await readFile(join(place.folder, 'state/maria.token'), 'utf8'), /^[\w-]{43}\n$/);
  await t.throwsAsync(access(join(place.folder, 'state/first-admin.token')));

  await relay.stop();
  const stopped = all.slice(at + 1).filter(({ kind }) => kind === 'stopped');
  t.true(stopped.length > 0);
  await run(t, place, names + stopped.map(({ code }) => code).join(''), true);
  relay = await startService(t, place, service);
  // The way back in for whoever lost the only administrator's key.
  await access(join(place.folder, 'state/first-admin.token'));
  await relay.stop();
});

test('the table of metrics is the code’s', async (t) => {
  const { METRICS } = await import(join(root, 'relay/dist/src/observe/metric-table.js'));
  const [, table = ''] = /<!-- metrics[^>]*-->\n(.*?)<!-- end of metrics -->/s.exec(guide) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  t.deepEqual(
    rows,
    Object.entries(METRICS as Record<string, { type: string; labels: string[]; help: string }>).map(
      ([name, { type, labels, help }]) => [
        `\`${name}\``,
        type,
        labels.map((label) => `\`${label}\``).join(', '),
        help,
      ],
    ),
  );
});

test('every metric and every file that the guide names exists', async (t) => {
  const { METRICS } = await import(join(root, 'relay/dist/src/observe/metric-table.js'));
  for (const [name] of guide.matchAll(/livelet_relay_[a-z_]+[a-z]/g))
    t.true(Object.hasOwn(METRICS, name), name);
  for (const [, path = ''] of guide.matchAll(/`((?:relay|test|docs)\/[\w./-]+)`/g)) {
    await t.notThrowsAsync(access(join(root, path)), path);
  }
  for (const [, link = ''] of guide.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)) {
    await t.notThrowsAsync(access(join(root, dirname('docs/x'), link)), link);
  }
});
