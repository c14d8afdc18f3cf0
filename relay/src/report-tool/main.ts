import { readFileSync } from 'node:fs';
import { LiveletError } from '@livelet/core/wire';
import { runProgram } from '@livelet/program';
import { REPORT_COMMANDS } from './commands.js';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

void runProgram({
  name: 'livelet-report',
  version,
  about: 'Opens problem reports, on the computer of who holds the support key.',
  options: {},
  commands: REPORT_COMMANDS,
  main: () => {
    const data = { option: 'a command', source: 'command line' };
    return Promise.reject(new LiveletError('option-unknown', 'no command', { data }));
  },
});
