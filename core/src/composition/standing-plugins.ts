import { Container } from 'inversify';
import type { Clock } from '../clock.js';
import type { PagePort } from '../contracts/page-port.js';
import { HostPart, PluginUi } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import type { LoadedPlugin } from '../plugins/loader.js';
import type { OwnedContribution } from './hosted-session.js';
import { RunningParts } from './running-parts.js';
import { UiPorts } from './ui-ports.js';

/** What of the plugins runs as long as the host does. */
export interface StandingPlugins extends AsyncDisposable {
  /** Their pieces of interface, in the slot `help`. */
  readonly contributions: readonly OwnedContribution[];
  /** Plugins whose parts failed to start, and why; their pieces are not there. */
  readonly absent: ReadonlyMap<string, LiveletError>;
  /** As HostedSession's. */
  connectPort(port: PagePort): boolean;
}

/** Starts the HostParts of `plugins`. One that fails keeps the others from nothing. Never rejects. */
export async function startStandingPlugins(
  host: Container,
  plugins: readonly LoadedPlugin[],
  clock: Clock,
): Promise<StandingPlugins> {
  const running: (AsyncDisposable & { readonly plugin: LoadedPlugin; readonly ports: UiPorts })[] = [];
  const absent = new Map<string, LiveletError>();
  for (const plugin of plugins) {
    const module = plugin.definition.standing?.(plugin.roleName);
    if (module === undefined) continue;
    const container = new Container({ parent: host });
    const ports = new UiPorts(plugin, helpOf(plugin));
    const parts = new RunningParts(clock);
    const dispose = async (): Promise<void> => {
      await parts[Symbol.asyncDispose]();
      ports[Symbol.dispose]();
      await container.unbindAllAsync();
    };
    try {
      container.bind(PluginUi).toConstantValue(ports);
      await container.loadAsync(module);
      await parts.start(await container.getAllAsync(HostPart));
      running.push({ plugin, ports, [Symbol.asyncDispose]: dispose });
    } catch (cause) {
      await dispose();
      const { id } = plugin.manifest;
      const error = new LiveletError('plugin-start-failed', `${id} did not start`, {
        cause,
        data: { plugin: id },
      });
      absent.set(id, error);
    }
  }
  return {
    contributions: running.flatMap(({ plugin }) =>
      helpOf(plugin).map((contribution) => ({ plugin: plugin.manifest.id, contribution })),
    ),
    absent,
    connectPort: (port) => running.some(({ ports }) => ports.connect(port)),
    async [Symbol.asyncDispose]() {
      for (const plugin of running.splice(0).reverse()) await plugin[Symbol.asyncDispose]();
    },
  };
}

function helpOf({ role }: LoadedPlugin): NonNullable<LoadedPlugin['role']['ui']> {
  return (role.ui ?? []).filter(({ slot }) => slot === 'help');
}
