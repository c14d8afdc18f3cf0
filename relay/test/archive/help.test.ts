import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { ARCHIVE_COMMANDS } from '../../src/archive-tool/commands.js';
import { REPORT_COMMANDS } from '../../src/report-tool/commands.js';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('../../../bin/livelet-archive.js', import.meta.url));

async function help(...words: string[]): Promise<string> {
  return (await run(process.execPath, [PROGRAM, ...words, '--help'])).stdout;
}

test('the archive’s help names every command and what it does, and each has its own with an example', async (t) => {
  const all = await help();
  for (const { name, about, example, options } of ARCHIVE_COMMANDS) {
    t.true(all.includes(`${name.padEnd(6)}  ${about}`), name);
    const own = await help(name);
    t.true(own.includes(`Usage: livelet-archive ${name} `), own);
    t.true(own.includes(`livelet-archive ${name} ${example}`), own);
    for (const flag of example?.match(/--\w+/g) ?? []) t.true(Object.hasOwn(options, flag.slice(2)), flag);
  }
});

for (const [name, commands] of [
  ['livelet-archive', ARCHIVE_COMMANDS],
  ['livelet-report', REPORT_COMMANDS],
] as const) {
  test(`${name} without a command says which there are`, async (t) => {
    const program = fileURLToPath(new URL(`../../../bin/${name}.js`, import.meta.url));
    const env = { ...process.env, LC_ALL: 'C' };
    const { code, stderr } = await t.throwsAsync<Error & { code: number; stderr: string }>(
      run(process.execPath, [program], { env }),
    );
    t.is(code, 2);
    const all = commands.map((command) => command.name).join(', ');
    t.is(stderr, `A command is missing. There are: ${all}. See --help for what they do.\n`);
  });
}
