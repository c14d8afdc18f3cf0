import { spawn } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@livelet/core/test-support';
import { listens } from '../../fixtures/listens.js';
import { follow, type Program } from '../../fixtures/program.js';

/** Where Debian puts it: not among the programs of ordinary people. */
const SSHD = '/usr/sbin/sshd';

/** One file sent by another program. */
export interface OtherProgram {
  /** The program, and what stands between the two ends. */
  readonly name: string;
  /** How long its content took, ms. */
  readonly ms: number;
}

/** scp to an sshd of its own on this machine: one connection, nothing in between. */
export async function sendByScp(folder: string, file: string): Promise<OtherProgram> {
  await using stack = new AsyncDisposableStack();
  const own = join(folder, 'scp');
  await mkdir(own);
  const [host, user, known] = [join(own, 'host'), join(own, 'user'), join(own, 'known')];
  for (const key of [host, user]) {
    await ended(start('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]));
  }
  await copyFile(`${user}.pub`, known);
  const port = await freePort();
  const configuration = join(own, 'sshd_config');
  await writeFile(
    configuration,
    `ListenAddress 127.0.0.1:${port}
HostKey ${host}
AuthorizedKeysFile ${known}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
`,
  );
  // Where sshd that was started as root puts those who haven't signed in yet.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const sshd = stack.use(start(SSHD, ['-D', '-e', '-f', configuration]));
  await listens(sshd, port);
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=no', 'LogLevel=ERROR'];
  const ms = await contentMs(own, file, async (source, target) => {
    await ended(
      start('scp', [
        ...['-q', '-P', String(port), '-i', user, '-o', `UserKnownHostsFile=${join(own, 'hosts')}`],
        ...options.flatMap((option) => ['-o', option]),
        ...[source, `127.0.0.1:${target}`],
      ]),
    );
  });
  return { name: 'scp, without a relay', ms };
}

/** magic-wormhole through a relay of its own. */
export async function sendByWormhole(folder: string, file: string): Promise<OtherProgram> {
  await using stack = new AsyncDisposableStack();
  const own = join(folder, 'wormhole');
  await mkdir(own);
  const [mailbox, transit] = [await freePort(), await freePort()];
  const serve = async (plugin: string, port: number): Promise<void> => {
    const words = [plugin, `--port=tcp:${port}:interface=127.0.0.1`];
    await listens(stack.use(start('twist3', words, own)), port);
  };
  await serve('wormhole-mailbox', mailbox);
  await serve('transitrelay', transit);
  const servers = [`--relay-url=ws://127.0.0.1:${mailbox}/v1`, `--transit-helper=tcp:127.0.0.1:${transit}`];
  // Neither end listens: what is left is the relay.
  const common = ['--no-listen', '--hide-progress'];
  let transfers = 0;
  const ms = await contentMs(own, file, async (source, target) => {
    transfers += 1;
    const code = `${transfers}-bench-file`;
    const sends = start('wormhole', [...servers, 'send', ...common, '--code', code, source], own);
    const receives = start(
      'wormhole',
      [...servers, 'receive', ...common, '--accept-file', '-o', target, code],
      own,
    );
    await Promise.all([ended(sends), ended(receives)]);
    if (!/relay/.test(receives.output())) throw new Error(`not by the relay:\n${receives.output()}`);
  });
  return { name: 'magic-wormhole through its relay', ms };
}

/** How long the content itself takes, ms: the whole file, less what a nearly empty one takes. */
async function contentMs(
  folder: string,
  file: string,
  send: (source: string, target: string) => Promise<void>,
): Promise<number> {
  const small = join(folder, 'small.bin');
  await writeFile(small, 'x');
  const times: number[] = [];
  for (const source of [small, file]) {
    const target = join(folder, 'arrived.bin');
    const startedAt = performance.now();
    await send(source, target);
    times.push(performance.now() - startedAt);
    await rm(target);
  }
  const [less = 0, all = 0] = times;
  return all - less;
}

function start(command: string, words: readonly string[], cwd?: string): Program {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd ? { cwd } : {}) });
  return follow(child, command);
}

/** @throws when it fails */
async function ended(program: Program): Promise<void> {
  const status = await program.exited;
  if (status !== 0) throw new Error(`status ${status}:\n${program.output()}`);
}
