import { CONTRACT_VERSION } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import { isServicePath } from './frames.js';
import type { HelloPlugin } from './session-channel.js';

/** Bytes of a hello's JSON. */
export const MAX_HELLO = 32 * 1024;
const MAX_PLUGINS = 64;
const MAX_SERVICES = 32;
const PLUGIN_ID = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const VERSION = /^(\d{1,6})\.\d{1,6}\.\d{1,6}(?:[-+][0-9A-Za-z.+-]{1,64})?$/;

/** @throws `hello-invalid` if there is too much to say */
export function encodeHello(plugins: readonly HelloPlugin[]): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify({ contract: CONTRACT_VERSION, plugins }));
  decodeHello(body);
  return body;
}

/**
 * The peer's plugins. Keys that this version doesn't know are ignored.
 * @throws `hello-invalid`, `protocol-version-unsupported` (contracts of another major version)
 */
export function decodeHello(body: Uint8Array): readonly HelloPlugin[] {
  const { contract, plugins } = asObject(parse(body));
  const major = typeof contract === 'string' ? VERSION.exec(contract)?.[1] : undefined;
  if (major === undefined) throw invalid('contract');
  if (major !== VERSION.exec(CONTRACT_VERSION)?.[1]) {
    throw new LiveletError('protocol-version-unsupported', undefined, {
      data: { contract: String(contract) },
    });
  }
  if (!Array.isArray(plugins) || plugins.length > MAX_PLUGINS) throw invalid('plugins');
  const read = plugins.map(readPlugin);
  if (new Set(read.map(({ id }) => id)).size < read.length) throw invalid('duplicate id');
  return read;
}

function readPlugin(value: unknown): HelloPlugin {
  const { id, version, services } = asObject(value);
  if (typeof id !== 'string' || !PLUGIN_ID.test(id)) throw invalid('id');
  if (typeof version !== 'string' || !VERSION.test(version)) throw invalid('version');
  if (!Array.isArray(services) || services.length > MAX_SERVICES || !services.every(isServicePath)) {
    throw invalid('services');
  }
  return { id, version, services };
}

function parse(body: Uint8Array): unknown {
  if (body.length > MAX_HELLO) throw invalid('length');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new LiveletError('hello-invalid', 'not JSON', { cause });
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('shape');
  return value as Readonly<Record<string, unknown>>;
}

function invalid(what: string): LiveletError {
  return new LiveletError('hello-invalid', undefined, { data: { what } });
}
