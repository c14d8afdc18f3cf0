import { readFileSync } from 'node:fs';
import { runProgram } from '@livelet/program';
import { ARCHIVE_COMMANDS } from './commands.js';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

void runProgram({
  name: 'livelet-archive',
  version,
  about:
    'Says where chats are kept, and opens kept ones, on the computer of who holds the organisation’s keys.',
  example: 'search --text invoice',
  options: {},
  commands: ARCHIVE_COMMANDS,
});
