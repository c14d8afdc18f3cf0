import { LiveletError } from '@livelet/core/wire';
import { readSmallFile } from './files.js';
import type { OptionSpec, OptionSpecs, OptionValues } from './option.js';

/** Where a program's options come from. */
export interface OptionSources {
  /** Texts of the flags that were given, by option name; `true` for a switch. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the names of environment variables begin with: `LIVELET_RELAY`. */
  readonly prefix: string;
  /** The config file that is read when none is named; it may be missing. */
  readonly defaultConfig: string;
  /** Options of the program's other commands, which may stand in the same config file. @default none */
  readonly elsewhere?: readonly string[];
}

/** `stateDir` -> `--state-dir` */
export function flagName(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `stateDir` -> `LIVELET_RELAY_STATE_DIR` */
export function variableName(prefix: string, option: string): string {
  return `${prefix}_${flagName(option).slice(2).replaceAll('-', '_').toUpperCase()}`;
}

/**
 * The value of every option: from a flag, else the environment, else the config file, else its default. `--config`
 * names the file. An empty variable counts as unset.
 * @throws `option-invalid` (data: option, source, value, allowed), `option-unknown` (data: option, source),
 * `config-unreadable` (data: file, problem)
 */
export async function readOptions<S extends OptionSpecs>(
  specs: S,
  sources: OptionSources,
): Promise<OptionValues<S>> {
  const { flags, environment, prefix, elsewhere = [] } = sources;
  const named = flags.config ?? (environment[variableName(prefix, 'config')] || undefined);
  const file = typeof named === 'string' ? named : sources.defaultConfig;
  const config = await readConfig(file, named !== undefined);
  const unknown = Object.keys(config).find((key) => !Object.hasOwn(specs, key) && !elsewhere.includes(key));
  if (unknown !== undefined) {
    const data = { option: unknown.slice(0, 64), source: file };
    throw new LiveletError('option-unknown', `${data.option} in ${file}`, { data });
  }
  const values = Object.entries(specs).map(([name, spec]) => {
    const variable = variableName(prefix, name);
    const given: readonly (readonly [unknown, string])[] = [
      [flags[name], flagName(name)],
      [environment[variable] || undefined, variable],
      [config[name], file],
    ];
    const [value, source] = given.find(([candidate]) => candidate !== undefined) ?? [];
    return [name, source === undefined ? spec.fallback : readValue(name, spec, value, source)];
  });
  return Object.fromEntries(values);
}

function readValue(option: string, spec: OptionSpec<unknown>, value: unknown, source: string): unknown {
  const read = spec.read(value);
  if (read !== undefined) return read;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const shown = spec.secret ? '***' : text.slice(0, 80);
  const data = { option, source, value: shown, allowed: spec.allowed };
  throw new LiveletError('option-invalid', `${option} from ${source}: ${shown}`, { data });
}

async function readConfig(file: string, mustExist: boolean): Promise<Readonly<Record<string, unknown>>> {
  const text = await readSmallFile(file);
  if (text === undefined && !mustExist) return {};
  const refuse = (problem: string, cause?: unknown): LiveletError =>
    new LiveletError('config-unreadable', `${file}: ${problem}`, { cause, data: { file, problem } });
  if (text === undefined) throw refuse('ENOENT');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse('not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('not a JSON object');
  return value as Record<string, unknown>;
}
