/** One option of a program: how it is described, and which values it takes. */
export interface OptionSpec<T> {
  /** One line for `--help`. */
  readonly about: string;
  /** What stands for the value in `--help`; undefined for a switch. */
  readonly placeholder: string | undefined;
  /** Which values are allowed, in words. */
  readonly allowed: string;
  readonly fallback: T;
  /** Heading in `--help`. @default 'Options:' */
  readonly group: string | undefined;
  /** Whether its value is in no message. */
  readonly secret: boolean;
  /** The value of a text (command line, environment) or of a JSON value (config file); undefined: not allowed. */
  read(value: unknown): T | undefined;
}

/** A program's options by name; `stateDir` is `--state-dir` and `LIVELET_..._STATE_DIR`. */
export type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** What `main` gets of them. */
export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never;
};

/** What all kinds of options share. `F` is the fallback's type: undefined when there is none. */
interface About<F> {
  readonly about: string;
  readonly fallback: F;
  readonly group?: string;
  /** @default false */
  readonly secret?: boolean;
}

/** An option whose value is a text. */
export interface TextOption<F> extends About<F> {
  readonly placeholder?: string;
  /** Which texts are allowed, with words for it. @default any of at most 1,000 characters */
  readonly pattern?: RegExp;
  readonly allowed?: string;
}

const MAX_TEXT = 1000;
const MAX_ENTRIES = 100;

export function textOption<F extends string | undefined>(option: TextOption<F>): OptionSpec<string | F> {
  const { pattern = /^/u, allowed = `a text of at most ${MAX_TEXT} characters` } = option;
  return {
    ...base(option, option.placeholder ?? 'text', allowed),
    read: (value) =>
      typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && pattern.test(value)
        ? value
        : undefined,
  };
}

/** An option whose value is a number. */
export interface NumberOption<F> extends About<F> {
  readonly from: number;
  readonly to: number;
  /** @default 'number' */
  readonly placeholder?: string;
  /** Whether fractions are allowed. @default false */
  readonly fraction?: boolean;
}

export function numberOption<F extends number | undefined>(option: NumberOption<F>): OptionSpec<number | F> {
  const { from, to, fraction = false } = option;
  const allowed = `a ${fraction ? '' : 'whole '}number from ${from} to ${to}`;
  return {
    ...base(option, option.placeholder ?? 'number', allowed),
    read: (value) => {
      const number =
        typeof value === 'string' && /^\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value;
      const valid = typeof number === 'number' && number >= from && number <= to;
      return valid && (fraction || Number.isInteger(number)) ? number : undefined;
    },
  };
}

/** Off unless given. */
export function switchOption(option: Omit<About<boolean>, 'fallback'>): OptionSpec<boolean> {
  const values = new Map<unknown, boolean>([
    [true, true],
    [false, false],
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ]);
  return {
    ...base({ ...option, fallback: false }, undefined, 'true or false'),
    read: (value) => values.get(value),
  };
}

/** An option with a few values to choose from. */
export interface ChoiceOption<V extends string, F> extends About<F> {
  readonly values: readonly V[];
}

export function choiceOption<const V extends string, F extends V | undefined>(
  option: ChoiceOption<V, F>,
): OptionSpec<V | F> {
  return {
    ...base(option, 'choice', `one of: ${option.values.join(', ')}`),
    read: (value) => option.values.find((known) => known === value),
  };
}

/** Separated by commas, in a config file a list. Each entry is checked by whoever uses it. @default [] */
export function listOption(
  option: Omit<About<readonly string[]>, 'fallback'> & { readonly fallback?: readonly string[] },
): OptionSpec<readonly string[]> {
  return {
    ...base({ fallback: [], ...option }, 'list', `at most ${MAX_ENTRIES} texts, separated by commas`),
    read: (value) => {
      const entries: unknown =
        typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : value;
      if (!Array.isArray(entries) || entries.length > MAX_ENTRIES) return undefined;
      const valid = entries.every((entry) => typeof entry === 'string' && entry !== '');
      return valid ? (entries as string[]) : undefined;
    },
  };
}

function base<F>(
  option: About<F>,
  placeholder: string | undefined,
  allowed: string,
): Omit<OptionSpec<F>, 'read'> {
  const { about, fallback, group, secret = false } = option;
  return { about, fallback, group, secret, placeholder, allowed };
}
