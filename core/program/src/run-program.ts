import { asLiveletError, bestLocale, LiveletError, type Locale } from '@livelet/core';
import { cliErrorText } from './cli-error-text.js';
import { parseCommandLine } from './command-line.js';
import { defaultConfigFile } from './directories.js';
import { exitCodeOf } from './exit-code.js';
import { createLogger, type DestinationStream, LOG_LEVELS, type Logger, logDestination } from './logger.js';
import { choiceOption, type OptionSpecs, type OptionValues, textOption } from './option.js';
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
  readonly options: S;
  /** Resolves when the program is done, soon after `signal` aborts at the latest. */
  readonly main: (context: ProgramContext<S>) => Promise<void>;
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
  const interrupt = (signal: NodeJS.Signals): void => {
    // Ctrl-C reaches a program beside the SIGTERM of whatever started it: only the same one again is impatience.
    if (received.has(signal)) process.exit(exitCodeOf('internal'));
    received.add(signal);
    interrupted.abort(new LiveletError('cancelled'));
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await start(program, locale, interrupted.signal);
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
): Promise<void> {
  const prefix = program.name.toUpperCase().replaceAll('-', '_');
  const defaultConfig = defaultConfigFile(program.name, process.env);
  const specs = { ...program.options, ...LOG_OPTIONS };
  const definition = { ...program, options: specs, prefix, defaultConfig };
  const line = parseCommandLine(definition, process.argv.slice(2));
  if ('print' in line) {
    process.stdout.write(line.print);
    return;
  }
  const sources = { flags: line.flags, environment: process.env, prefix, defaultConfig };
  const options: OptionValues<S> & OptionValues<typeof LOG_OPTIONS> = await readOptions(specs, sources);
  const destination = logDestination(options.logFile);
  await program.main({
    options,
    signal,
    locale,
    log: createLogger(options.logLevel, destination),
    logDestination: destination,
    print: (text) => process.stdout.write(`${text}\n`),
  });
}
