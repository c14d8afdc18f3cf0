import { parseProxy } from '@livelet/core/wire';
import type { ProxySettings } from './proxy-settings.js';

/** What prints the settings of GNOME and of the desktops that share them. */
export const GNOME_COMMAND = ['gsettings', 'list-recursively', 'org.gnome.system.proxy'] as const;

/**
 * Reads what `gsettings` printed: lines of `schema key value`. Undefined: no proxy for encrypted connections (also
 * with the mode `auto`: a PAC file is not evaluated).
 * @throws `proxy-invalid`
 */
export function readGnomeSettings(output: string): ProxySettings | undefined {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, schema, key, value] = /^org\.gnome\.system\.proxy(\S*) (\S+) (.*)$/.exec(line) ?? [];
    if (schema !== undefined && value !== undefined) values.set(`${schema.slice(1)}/${key}`, value);
  }
  const text = (key: string): string => strings(values.get(key) ?? '')[0] ?? '';
  const host = text('https/host');
  if (text('/mode') !== 'manual' || host === '') return undefined;
  const port = values.get('https/port') ?? '';
  const proxy = parseProxy(`${host.includes(':') ? `[${host}]` : host}:${port}`);
  // A name without wildcard stands for its subdomains too (GSimpleProxyResolver).
  const except = strings(values.get('/ignore-hosts') ?? '').map((entry) =>
    /^[\w-]+(\.[\w-]+)*$/.test(entry) && /[a-z]/i.test(entry) ? `.${entry}` : entry,
  );
  // There is one place for credentials, in the settings of the plain proxy.
  const isSame = text('http/host') === host && values.get('http/port') === port;
  if (!isSame || values.get('http/use-authentication') !== 'true') return { proxy, except };
  const credentials = {
    user: text('http/authentication-user'),
    password: text('http/authentication-password'),
  };
  return { proxy: { ...proxy, credentials }, except };
}

/** The quoted strings of a GVariant: `'a'`, `"it's"`, `['a', 'b']`. */
function strings(value: string): readonly string[] {
  const found = value.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, single, double]) => (single ?? double ?? '').replace(/\\(.)/g, '$1'));
}
