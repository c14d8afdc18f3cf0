import { readFileSync } from 'node:fs';
import { COMMANDS, HELP } from './commands.js';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

const words = process.argv.slice(2);
const name = Object.keys(COMMANDS).find((command) =>
  command.split(' ').every((word, at) => words[at] === word),
);
const command = name === undefined ? undefined : COMMANDS[name];
if (name === undefined || command === undefined) {
  const asked = words.includes('--help');
  (asked ? process.stdout : process.stderr).write(HELP);
  process.exitCode = asked ? 0 : 2;
} else {
  // What is left are the command's own flags.
  process.argv.splice(2, name.split(' ').length);
  await command(version);
}
