import { asLiveletError, bestLocale, LiveletError, type Locale } from '@livelet/core/wire';
import { cliErrorText } from './cli-error-text.js';
import { parseCommandLine } from './command-line.js';
import { defaultConfigFile } from './directories.js';
import { exitCodeOf } from './exit-code.js';
import { createLogger, type DestinationStream, LOG_LEVELS, type Logger, logDestination } from './logger.js';
import { choiceOption, type OptionSpecs, type OptionValues, textOption } from './option.js';
import { chooseCommand, listCommands, type ProgramCommand } from './program-command.js';
import { readOptions } from './read-options.js';

/** A handle that is still open this long after the end no longer keeps the process, ms. */
const LINGER_LIMIT = 3000;

/** What a program is. */
export interface ProgramDefinition<S extends OptionSpecs> {
  /** As typed in a terminal: `livelet-relay`. Its variables begin with `LIVELET_RELAY_`. */
  readonly name: string;
  readonly version: string;
  /** One sentence for `--help`. */
  readonly about: string;
  /** What someone types after its name, for `--help`. @default none */
  readonly example?: string;
  readonly options: S;
  /** What it does instead when its first words say so. @default none */
  readonly commands?: readonly ProgramCommand[];
  /** Resolves when the program is done, soon after `signal` aborts at the latest. @default none: it takes a command */
  readonly main?: (context: ProgramContext<S>) => Promise<void>;
}

/** What `main` works with. */
export interface ProgramContext<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  /** Aborts at SIGINT, SIGTERM and SIGHUP. The same one again ends the process at once. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** For a log of a shape of its own. */
  readonly logDestination: DestinationStream;
  /** The language of the terminal. */
  readonly locale: Locale;
  /** One line on standard output. */
  print(line: string): void;
  /** From here on SIGHUP runs `task`, and ends nothing. */
  onHangUp(task: () => void): void;
}

const LOG_OPTIONS = {
  logLevel: choiceOption({ about: 'how much to log', values: LOG_LEVELS, fallback: 'info' }),
  logFile: textOption({
    about: 'log to this file, not to standard error',
    placeholder: 'file',
    fallback: undefined,
  }),
};

/** Runs a program from its command line to its exit status; what went wrong is said in two sentences on standard error. */
export async function runProgram<S extends OptionSpecs>(program: ProgramDefinition<S>): Promise<void> {
  const locale = bestLocale(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG);
  const interrupted = new AbortController();
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const received = new Set<NodeJS.Signals>();
  let hangUp: (() => void) | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && hangUp !== undefined) {
      hangUp();
      return;
    }
    // Ctrl-C reaches a program beside the SIGTERM of whatever started it: only the same one again is impatience.
    if (received.has(signal)) process.exit(exitCodeOf('internal'));
    received.add(signal);
    interrupted.abort(new LiveletError('cancelled'));
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await start(program, locale, interrupted.signal, (task) => {
      hangUp = task;
    });
  } catch (cause) {
    const error = asLiveletError(cause);
    const stopped = interrupted.signal.aborted && error.code === 'cancelled';
    if (!stopped) {
      process.stderr.write(`${cliErrorText(error, locale)}\n`);
      if (error.code === 'internal') process.stderr.write(`${error.stack}\n`);
      process.exitCode = exitCodeOf(error.code);
    }
  }
  for (const signal of signals) process.off(signal, interrupt);
  setTimeout(() => process.exit(), LINGER_LIMIT).unref();
}

async function start<S extends OptionSpecs>(
  program: ProgramDefinition<S>,
  locale: Locale,
  signal: AbortSignal,
  onHangUp: ProgramContext<S>['onHangUp'],
): Promise<void> {
  const { name, version, commands = [] } = program;
  const chosen = chooseCommand(commands, process.argv.slice(2));
  if ('group' in chosen) {
    process.stdout.write(
      `${listCommands(commands.filter((command) => command.name.startsWith(`${chosen.group} `)))}\n`,
    );
    return;
  }
  const { command, args } = chosen;
  // A command's `main` takes the options that it came with.
  const task = (command ?? program) as ProgramDefinition<OptionSpecs>;
  const { main } = task;
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const defaultConfig = defaultConfigFile(name, process.env);
  const specs: OptionSpecs = { ...task.options, ...LOG_OPTIONS };
  const line = parseCommandLine(
    {
      name: command === undefined ? name : `${name} ${command.name}`,
      version,
      about: task.about,
      example: task.example,
      options: specs,
      prefix,
      defaultConfig,
      commands: command === undefined && commands.length > 0 ? listCommands(commands) : undefined,
    },
    args,
  );
  if ('print' in line) {
    process.stdout.write(line.print);
    return;
  }
  if (main === undefined) {
    const data = { commands: commands.map((each) => each.name).join(', ') };
    throw new LiveletError('command-missing', undefined, { data });
  }
  const elsewhere = [program, ...commands].flatMap(({ options }) => Object.keys(options));
  const sources = { flags: line.flags, environment: process.env, prefix, defaultConfig, elsewhere };
  const options = (await readOptions(specs, sources)) as OptionValues<OptionSpecs & typeof LOG_OPTIONS>;
  const destination = logDestination(options.logFile);
  await main({
    options,
    signal,
    locale,
    log: createLogger(options.logLevel, destination),
    logDestination: destination,
    print: (text) => process.stdout.write(`${text}\n`),
    onHangUp,
  });
}
