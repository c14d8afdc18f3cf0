import { parseProxy } from '@livelet/core/wire';
import type { ProxySettings } from './proxy-settings.js';

/** What prints the settings of Windows. */
export const WINDOWS_COMMAND = [
  'reg',
  'query',
  'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings',
] as const;

/**
 * Reads what `reg query` printed: lines of `name type value`. Undefined: no proxy for encrypted connections (a PAC
 * file is not evaluated).
 * @throws `proxy-invalid`
 */
export function readWindowsSettings(output: string): ProxySettings | undefined {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, name, value] = /^\s+(\S+)\s+REG_(?:SZ|DWORD)\s+(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const address = secureProxy(values.get('ProxyServer') ?? '');
  if (values.get('ProxyEnable') !== '0x1' || address === '') return undefined;
  return { proxy: parseProxy(address), except: entries(values.get('ProxyOverride') ?? '') };
}

/** One address for everything, or `http=...;https=...;socks=...`. */
function secureProxy(servers: string): string {
  if (!servers.includes('=')) return servers;
  const secure = entries(servers).find((entry) => entry.toLowerCase().startsWith('https='));
  return secure?.slice('https='.length) ?? '';
}

function entries(list: string): readonly string[] {
  return list
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
