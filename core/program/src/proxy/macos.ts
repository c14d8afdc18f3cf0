import { parseProxy } from '@livelet/core/wire';
import type { ProxySettings } from './proxy-settings.js';

/** What prints the settings of macOS. */
export const MACOS_COMMAND = ['scutil', '--proxy'] as const;

/**
 * Reads what `scutil` printed: a dictionary of `key : value` lines. Undefined: no proxy for encrypted connections (a
 * PAC file is not evaluated).
 * @throws `proxy-invalid`
 */
export function readMacosSettings(output: string): ProxySettings | undefined {
  const values = new Map<string, string>();
  const except: string[] = [];
  let inExceptions = false;
  for (const line of output.split('\n')) {
    const [, key = '', value = ''] = /^\s*(\S+) : (.*)$/.exec(line) ?? [];
    if (line.trim() === '}') inExceptions = false;
    else if (inExceptions) except.push(value);
    else if (key === 'ExceptionsList') inExceptions = true;
    else values.set(key, value);
  }
  if (values.get('ExcludeSimpleHostnames') === '1') except.push('<local>');
  const host = values.get('HTTPSProxy') ?? '';
  if (values.get('HTTPSEnable') !== '1' || host === '') return undefined;
  const proxy = parseProxy(`${host.includes(':') ? `[${host}]` : host}:${values.get('HTTPSPort') ?? ''}`);
  return { proxy, except };
}
