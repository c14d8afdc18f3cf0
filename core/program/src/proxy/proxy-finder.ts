import { execFile } from 'node:child_process';
import { type ProxyFinder, type ProxyServer, parseProxy } from '@livelet/core/wire';
import { getProxyForUrl } from 'proxy-from-env';
import { type OptionSpec, textOption } from '../option.js';
import { isExcepted, isLoopback } from './exceptions.js';
import { GNOME_COMMAND, readGnomeSettings } from './gnome.js';
import { MACOS_COMMAND, readMacosSettings } from './macos.js';
import type { ProxySettings } from './proxy-settings.js';
import { readWindowsSettings, WINDOWS_COMMAND } from './windows.js';

/** How long a system may take to print its settings, ms. */
const COMMAND_LIMIT = 2000;
/** Characters of settings that are read. */
const MAX_OUTPUT = 256 * 1024;

/** How one kind of system tells its settings. */
interface SettingsSource {
  readonly command: readonly [program: string, ...args: string[]];
  read(output: string): ProxySettings | undefined;
}

const SOURCES: Readonly<Partial<Record<NodeJS.Platform, SettingsSource>>> = {
  darwin: { command: MACOS_COMMAND, read: readMacosSettings },
  linux: { command: GNOME_COMMAND, read: readGnomeSettings },
  win32: { command: WINDOWS_COMMAND, read: readWindowsSettings },
};

/** `--proxy` of every program that reaches a relay; its value is for `proxyFinder`. */
export const PROXY_OPTION: OptionSpec<string> = textOption({
  about:
    'way to the relay: system, none, or http://[name:password@]host:port (a password better as variable)',
  placeholder: 'proxy',
  fallback: 'system',
});

/**
 * What `--proxy` means: `none`, one proxy for every relay, or `system`: what the environment says (HTTPS_PROXY,
 * ALL_PROXY, NO_PROXY), else the system's settings. Those of a system never count for this computer itself.
 * @throws `proxy-invalid`
 */
export function proxyFinder(setting: string): ProxyFinder {
  if (setting === 'none') return async () => undefined;
  if (setting === 'system') return systemProxy;
  const proxy = parseProxy(setting);
  return async () => proxy;
}

async function systemProxy(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<ProxyServer | undefined> {
  if (isLoopback(host)) return undefined;
  if (environmentSpeaks()) return environmentProxy(host, port);
  const source = SOURCES[process.platform];
  const output = source && (await outputOf(source.command, signal));
  const settings = output === undefined ? undefined : source?.read(output);
  if (settings === undefined || isExcepted(host, settings.except)) return undefined;
  return settings.proxy;
}

function environmentSpeaks(): boolean {
  const names = ['https_proxy', 'all_proxy'];
  return names.some((name) => process.env[name] || process.env[name.toUpperCase()]);
}

function environmentProxy(host: string, port: number): ProxyServer | undefined {
  const named = getProxyForUrl(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (named === '') return undefined;
  // proxy-from-env puts https:// before an address without a scheme; as curl does, it is meant as http://.
  const isBare = !Object.values(process.env).includes(named);
  return parseProxy(isBare ? named.replace(/^https:\/\//, '') : named);
}

/** What a command prints; undefined when there is no such command or it fails: then there are no such settings. */
function outputOf(
  [program, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const limits = { signal, timeout: COMMAND_LIMIT, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT } as const;
    execFile(program, args, { ...limits, windowsHide: true }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}
