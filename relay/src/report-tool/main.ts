import { readFileSync } from 'node:fs';
import { runProgram } from '@livelet/program';
import { REPORT_COMMANDS } from './commands.js';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

void runProgram({
  name: 'livelet-report',
  version,
  about: 'Opens problem reports, on the computer of who holds the support key.',
  example: 'fetch --numbers 3',
  options: {},
  commands: REPORT_COMMANDS,
});
