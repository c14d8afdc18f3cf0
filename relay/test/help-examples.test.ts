import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ProgramCommand } from '@livelet/program';
import test from 'ava';
import { ADMIN_COMMANDS } from '../src/access/admin-commands.js';
import { ADMIN_OPTIONS } from '../src/access/admin-options.js';
import { RESET_COMMAND } from '../src/access/reset-command.js';
import { ARCHIVE_COMMANDS } from '../src/archive-tool/commands.js';
import { REPORT_COMMANDS } from '../src/report-tool/commands.js';
import { BACKUP_COMMANDS } from '../src/store/backup-commands.js';

const PROGRAMS: Readonly<Record<string, readonly ProgramCommand[]>> = {
  'livelet-relay': [...ADMIN_COMMANDS, RESET_COMMAND, ...BACKUP_COMMANDS],
  'livelet-report': REPORT_COMMANDS,
  'livelet-archive': ARCHIVE_COMMANDS,
};
/** What is asked for less often, and by each command alike, needs no example. */
const EVERYWHERE = new Set(Object.keys(ADMIN_OPTIONS));

for (const [program, commands] of Object.entries(PROGRAMS)) {
  test(`${program}: each command that takes something shows how, with options that it has`, (t) => {
    for (const { name, example, options } of commands) {
      const own = Object.keys(options);
      if (own.every((option) => EVERYWHERE.has(option)) && example === undefined) continue;
      const flags = [...(example ?? '').matchAll(/--([a-z-]+)/g)].map(([, flag = '']) =>
        flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      );
      t.true(flags.length > 0, name);
      for (const flag of flags) t.true(own.includes(flag), `${name} --${flag}`);
    }
  });

  test(`${program} --help shows an example`, async (t) => {
    const file = fileURLToPath(new URL(`../../bin/${program}.js`, import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [file, '--help']);
    t.regex(stdout, new RegExp(`\\nExample:\\n  ${program} \\S`));
  });
}
