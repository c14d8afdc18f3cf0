import type { PluginDefinition, PluginManifest, RoleManifest } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import { parseManifest } from './manifest.js';

/** A plugin that a host's composition names: where it is, and which half of it. */
export interface PluginChoice {
  /** Folder URL with a trailing slash, see `pluginFolder`. */
  readonly folder: URL;
  readonly role: string;
  /** Its manifest in that folder: one that holds several plugins has one for each. @default 'manifest.json' */
  readonly manifest?: string;
}

/** A plugin that has been checked and whose code is in memory. */
export interface LoadedPlugin {
  readonly folder: URL;
  readonly manifest: PluginManifest;
  readonly roleName: string;
  readonly role: RoleManifest;
  readonly definition: PluginDefinition;
}

/** The folder of an installed package: `pluginFolder(import.meta.resolve('@livelet/plugin-chat/package.json'))`. */
export function pluginFolder(packageJsonUrl: string): URL {
  return new URL('.', packageJsonUrl);
}

/** A choice whose manifest holds; none of its code has run. */
export interface CheckedPlugin extends Omit<LoadedPlugin, 'definition'> {}

/**
 * Reads and checks the manifest at `choice`.
 * @throws `plugin-load-failed` (unreadable, not JSON) and all of parseManifest
 */
export async function checkPlugin(choice: PluginChoice): Promise<CheckedPlugin> {
  const url = new URL(choice.manifest ?? 'manifest.json', choice.folder).href;
  const json = await import(url, { with: { type: 'json' } }).catch((cause: unknown) => {
    throw loadFailure(choice.folder.pathname, cause);
  });
  const manifest = parseManifest(json.default);
  const role = manifest.roles[choice.role];
  if (!role) {
    throw new LiveletError('manifest-invalid', `${manifest.id} has no role ${choice.role}`, {
      data: { plugin: manifest.id, where: '/roles', problem: `must have role ${choice.role}` },
    });
  }
  return { folder: choice.folder, manifest, roleName: choice.role, role };
}

/** Loads the code of a checked plugin. @throws `plugin-load-failed` */
export async function loadPlugin(checked: CheckedPlugin): Promise<LoadedPlugin> {
  const { manifest, folder } = checked;
  const code = await import(new URL(manifest.entry, folder).href).catch((cause: unknown) => {
    throw loadFailure(manifest.id, cause);
  });
  const definition: unknown = code.plugin;
  if (!isDefinition(definition))
    throw loadFailure(manifest.id, new TypeError(`${manifest.entry} exports no plugin`));
  return { ...checked, definition };
}

function loadFailure(plugin: string, cause: unknown): LiveletError {
  return new LiveletError('plugin-load-failed', `${plugin} could not be loaded`, { cause, data: { plugin } });
}

function isDefinition(value: unknown): value is PluginDefinition {
  return (
    typeof value === 'object' && value !== null && 'session' in value && typeof value.session === 'function'
  );
}
