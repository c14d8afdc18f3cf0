import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `program` keeps its keys and state: `$XDG_STATE_HOME/livelet/<program>`. */
export function stateDirectory(program: string, environment: Environment): string {
  return join(base(environment.XDG_STATE_HOME, '.local/state'), 'livelet', program);
}

/** The config file that `program` reads unless another one is named: `$XDG_CONFIG_HOME/livelet/<program>.json`. */
export function defaultConfigFile(program: string, environment: Environment): string {
  return join(base(environment.XDG_CONFIG_HOME, '.config'), 'livelet', `${program}.json`);
}

/** The XDG Base Directory Specification says to ignore relative paths. */
function base(variable: string | undefined, fallback: string): string {
  return variable !== undefined && isAbsolute(variable) ? variable : join(homedir(), fallback);
}
