import { LiveletError } from '@livelet/core/wire';
import { Command, CommanderError } from 'commander';
import { EXIT_CODE_TEXT } from './exit-code.js';
import type { OptionSpec, OptionSpecs } from './option.js';
import { flagName, variableName } from './read-options.js';

export interface CommandLineDefinition {
  readonly name: string;
  readonly version: string;
  /** One sentence for `--help`. */
  readonly about: string;
  readonly options: OptionSpecs;
  readonly prefix: string;
  readonly defaultConfig: string;
  /** Of what can be typed after the name. @default none */
  readonly example?: string | undefined;
  /** Lines that say what else the program can be told to do. @default none */
  readonly commands?: string | undefined;
}

/** The source that an error names when no flag can be blamed. */
export const COMMAND_LINE = 'command line';

/** What the command line asks for: a text to print, or to run with these flags. */
export type CommandLine = { readonly print: string } | { readonly flags: Readonly<Record<string, unknown>> };

/**
 * Reads the arguments after the program's name.
 * @throws `option-unknown`, `option-invalid`
 */
export function parseCommandLine(definition: CommandLineDefinition, args: readonly string[]): CommandLine {
  let print = '';
  const command = describe(definition)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        print += text;
      },
      writeErr: () => {},
    });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { print };
    throw refusal(error, args);
  }
  return { flags: command.opts() };
}

function describe(definition: CommandLineDefinition): Command {
  const { name, version, about, options, prefix, defaultConfig, commands } = definition;
  const command = new Command(name).description(about).allowExcessArguments(false);
  command.configureHelp({ helpWidth: 100 });
  command.option('--config <file>', `JSON file with any of these options, camelCase [${defaultConfig}]`);
  for (const [option, spec] of Object.entries(options)) {
    const flag = command.createOption(flags(option, spec), description(spec));
    // `--no-open` is a switch by that name, not commander's opposite of `--open`.
    flag.negate = false;
    command.addOption(spec.group === undefined ? flag : flag.helpGroup(spec.group));
  }
  const example = variableName(prefix, Object.keys(options)[0] ?? 'config');
  if (definition.example !== undefined) {
    command.addHelpText('after', `\nExample:\n  ${name} ${definition.example}`);
  }
  if (commands !== undefined) command.addHelpText('after', `\nCommands (each has --help):\n${commands}`);
  const codes = Object.entries(EXIT_CODE_TEXT).map(([code, text]) => `  ${code}  ${text}`);
  return command
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print this')
    .addHelpText('after', `\nA flag wins over the environment (${example} ...), that over the config file.\n`)
    .addHelpText('after', `Exit status:\n${codes.join('\n')}`);
}

function flags(option: string, spec: OptionSpec<unknown>): string {
  return spec.placeholder === undefined ? flagName(option) : `${flagName(option)} <${spec.placeholder}>`;
}

function description({ about, fallback }: OptionSpec<unknown>): string {
  const silent =
    fallback === undefined || fallback === false || (Array.isArray(fallback) && !fallback.length);
  return silent ? about : `${about} [${fallback}]`;
}

function refusal(error: CommanderError, args: readonly string[]): LiveletError {
  // commander names the culprit only inside its English message.
  const named = /'([^']+)'/.exec(error.message)?.[1]?.split(' ')[0];
  const option = named ?? args.at(-1) ?? '';
  const data = { option: option.slice(0, 64), source: COMMAND_LINE };
  if (error.code !== 'commander.optionMissingArgument') {
    return new LiveletError('option-unknown', error.message, { cause: error, data });
  }
  const more = { ...data, value: '', allowed: 'a value after it' };
  return new LiveletError('option-invalid', error.message, { cause: error, data: more });
}
