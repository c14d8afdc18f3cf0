import { LiveletError } from '@livelet/core/wire';
import type { OptionSpecs } from './option.js';
import type { ProgramContext } from './run-program.js';

/** Something that a program does beside its main work: `livelet-relay admin invite --name Maria`. */
export interface ProgramCommand {
  /** One or two words, as typed: `backup`, `admin invite`. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly about: string;
  /** What someone types after the program's and the command's names, for `--help`. @default none */
  readonly example?: string;
  readonly options: OptionSpecs;
  readonly main: (context: ProgramContext<OptionSpecs>) => Promise<void>;
}

/** A command whose `main` gets its options by their types. */
export function programCommand<S extends OptionSpecs>(command: {
  readonly name: string;
  readonly about: string;
  readonly example?: string;
  readonly options: S;
  readonly main: (context: ProgramContext<S>) => Promise<void>;
}): ProgramCommand {
  return command as unknown as ProgramCommand;
}

/** What the first words of a command line name. */
export type ChosenCommand =
  | { readonly command: ProgramCommand | undefined; readonly args: readonly string[] }
  /** The first word of several commands and nothing of them: these are what it can be. */
  | { readonly group: string };

/**
 * Finds the command that `args` begin with; none: it is the program itself.
 * @throws `command-unknown` (data: command, commands) for a word that no command begins with
 */
export function chooseCommand(commands: readonly ProgramCommand[], args: readonly string[]): ChosenCommand {
  const words = args.slice(0, 2).filter((word) => !word.startsWith('-'));
  const [first, second] = words;
  if (commands.length === 0 || first === undefined || first !== args[0]) return { command: undefined, args };
  const found = commands.find(({ name }) => name === words.join(' ') || name === first);
  if (found !== undefined) return { command: found, args: args.slice(found.name.split(' ').length) };
  const isGroup = commands.some(({ name }) => name.startsWith(`${first} `));
  if (isGroup && second === undefined) return { group: first };
  const command = (isGroup ? words.join(' ') : first).slice(0, 64);
  const data = { command, commands: commands.map(({ name }) => name).join(', ') };
  throw new LiveletError('command-unknown', command, { data });
}

/** One line for each command, for `--help`. */
export function listCommands(commands: readonly ProgramCommand[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n');
}
