import { LiveletError } from '../errors.js';
import {
  type CheckedPlugin,
  checkPlugin,
  type LoadedPlugin,
  loadPlugin,
  type PluginChoice,
} from './loader.js';

/**
 * Checks all choices of a host together, then loads them in order. Nothing is loaded when one of them doesn't hold.
 * @throws `plugin-duplicate` (two with one id, or two serving one path) and all of checkPlugin and loadPlugin
 */
export async function loadPlugins(choices: readonly PluginChoice[]): Promise<readonly LoadedPlugin[]> {
  const checked = await Promise.all(choices.map(checkPlugin));
  refuseDuplicates(checked);
  return Promise.all(checked.map(loadPlugin));
}

function refuseDuplicates(plugins: readonly CheckedPlugin[]): void {
  const owners = new Map<string, string>();
  for (const { manifest, role } of plugins) {
    for (const name of [manifest.id, ...role.serves.map((served) => served.path)]) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        throw new LiveletError('plugin-duplicate', `${name} belongs to ${owner} already`, {
          data: { plugin: manifest.id, name, owner },
        });
      }
      owners.set(name, manifest.id);
    }
  }
}
