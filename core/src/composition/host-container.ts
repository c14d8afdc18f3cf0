import 'reflect-metadata';
import { Container, ContainerModule, type ServiceIdentifier } from 'inversify';
import type { HelloPlugin, SessionChannel } from '../channel/session-channel.js';
import { Clock } from '../clock.js';
import { asLiveletError, LiveletError } from '../errors.js';
import type { LoadedPlugin, PluginChoice } from '../plugins/loader.js';
import { loadPlugins } from '../plugins/registry.js';
import { type HostedSession, openHostedSession } from './hosted-session.js';
import { type StandingPlugins, startStandingPlugins } from './standing-plugins.js';
import { SESSION_TOKENS } from './tokens.js';

/** What a host is made of. */
export interface HostOptions {
  readonly clock: Clock;
  /** In start order. */
  readonly plugins: readonly PluginChoice[];
  /** The host's own bindings, such as SharedDisplay: singletons that plugins may ask for. */
  readonly bindings?: ContainerModule;
}

/** The host's plugins in their container; sessions are opened from it. */
export interface HostContainer extends AsyncDisposable {
  readonly plugins: readonly LoadedPlugin[];
  /** What of them runs in a session and without one. */
  readonly standing: Omit<StandingPlugins, keyof AsyncDisposable>;
  /** What this host tells the peer of itself. */
  hello(): readonly HelloPlugin[];
  /** Starts each plugin's half of a session. @throws `plugin-start-failed` only when none could start */
  openSession(channel: SessionChannel): Promise<HostedSession>;
}

/**
 * Loads the plugins and their host bindings, and resolves every one of these bindings once: each must do without
 * anything that belongs to a session.
 * @throws all of loadPlugins; `plugin-binding-leaks-session`, `plugin-load-failed`
 */
export async function createHostContainer(options: HostOptions): Promise<HostContainer> {
  const plugins = await loadPlugins(options.plugins);
  const container = new Container();
  container.bind(Clock).toConstantValue(options.clock);
  for (const token of SESSION_TOKENS) container.bind(token).toDynamicValue(() => refuseSessionToken(token));
  if (options.bindings) await container.loadAsync(options.bindings);
  for (const plugin of plugins) await loadHostBindings(container, plugin);

  const standing = await startStandingPlugins(container, plugins, options.clock);

  return {
    plugins,
    standing,
    hello: () => plugins.map(describe),
    openSession: (channel) => openHostedSession(container, plugins, channel, options.clock),
    async [Symbol.asyncDispose]() {
      await standing[Symbol.asyncDispose]();
      await container.unbindAllAsync();
    },
  };
}

function describe({ manifest, role }: LoadedPlugin): HelloPlugin {
  return { id: manifest.id, version: manifest.version, services: role.serves.map(({ path }) => path) };
}

function refuseSessionToken(token: ServiceIdentifier): never {
  throw new LiveletError('plugin-binding-leaks-session', `a host binding needs ${String(token)}`, {
    data: { token: String(token) },
  });
}

async function loadHostBindings(container: Container, plugin: LoadedPlugin): Promise<void> {
  const module = plugin.definition.host?.(plugin.roleName);
  if (!module) return;
  const bound = new Set<ServiceIdentifier>();
  const recording = new ContainerModule((options) =>
    module.load({
      ...options,
      bind: (token) => {
        bound.add(token);
        return options.bind(token);
      },
    }),
  );
  try {
    await container.loadAsync(recording);
    for (const token of bound) await container.getAllAsync(token);
  } catch (error) {
    throw blame(plugin, error);
  }
}

/** The plugin's name on the error; inversify wraps what a binding throws, so look through the causes. */
function blame(plugin: LoadedPlugin, error: unknown): LiveletError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof LiveletError)) continue;
    return new LiveletError(cause.code, cause.message, {
      cause,
      data: { ...cause.data, plugin: plugin.manifest.id },
    });
  }
  const { code, message } = asLiveletError(error, 'plugin-load-failed');
  return new LiveletError(code, message, { cause: error, data: { plugin: plugin.manifest.id } });
}
