import { Container } from 'inversify';
import type { SessionChannel } from '../channel/session-channel.js';
import { PluginChannel } from '../channel/streams.js';
import type { Clock } from '../clock.js';
import { HeldBack, type HeldBackView } from '../contracts/held-back.js';
import type { PagePort } from '../contracts/page-port.js';
import { PluginUi, SessionPart, type UiContribution } from '../contracts/plugin.js';
import { ReceiptNotes } from '../contracts/receipt-notes.js';
import { OwnGrants, PeerGrants, SessionInfo } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import type { LoadedPlugin } from '../plugins/loader.js';
import { HeldBackTable } from './held-back-table.js';
import { RunningParts } from './running-parts.js';
import { UiPorts } from './ui-ports.js';

/** One piece of plugin interface with the plugin that it belongs to. */
export interface OwnedContribution {
  readonly plugin: string;
  readonly contribution: UiContribution;
}

/** A session with this host's plugins running in it. */
export interface HostedSession extends AsyncDisposable {
  /** The pieces of interface of the plugins that run. */
  readonly contributions: readonly OwnedContribution[];
  /** Plugins that can't run in this session, and why: the peer lacks their other half, or they failed to start. */
  readonly absent: ReadonlyMap<string, LiveletError>;
  /** What was allowed and yet can't reach the peer for now. */
  readonly heldBack: HeldBackView;
  /** Hands a `plugin:<plugin id>:<contribution id>` port to its plugin. False: nobody here takes that name. */
  connectPort(port: PagePort): boolean;
}

/** One plugin's half of one session, in a container of its own so that it sees only its own channel and ports. */
interface RunningPlugin extends AsyncDisposable {
  readonly plugin: LoadedPlugin;
  readonly pieces: readonly UiContribution[];
  readonly ports: UiPorts;
}

export async function openHostedSession(
  host: Container,
  plugins: readonly LoadedPlugin[],
  channel: SessionChannel,
  clock: Clock,
): Promise<HostedSession> {
  const container = new Container({ parent: host });
  container.bind(SessionInfo).toConstantValue(channel);
  container.bind(OwnGrants).toConstantValue(channel.ownGrants);
  container.bind(PeerGrants).toConstantValue(channel.peerGrants);

  const heldBack = new HeldBackTable();
  const running: RunningPlugin[] = [];
  const absent = new Map<string, LiveletError>();
  for (const plugin of plugins) {
    try {
      requirePeer(plugin, channel);
      running.push(await startPlugin(container, plugin, channel, clock, heldBack));
    } catch (cause) {
      absent.set(plugin.manifest.id, startFailure(plugin, cause));
    }
  }

  let disposed: Promise<void> | undefined;
  const dispose = async (): Promise<void> => {
    for (const part of running.toReversed()) await part[Symbol.asyncDispose]();
    await container.unbindAllAsync();
  };
  return {
    absent,
    heldBack,
    contributions: running.flatMap(({ plugin, pieces }) =>
      pieces.map((contribution) => ({ plugin: plugin.manifest.id, contribution })),
    ),
    connectPort: (port) => running.some(({ ports }) => ports.connect(port)),
    [Symbol.asyncDispose]: () => {
      disposed ??= dispose();
      return disposed;
    },
  };
}

/** A half without its other half would only wait; @throws `service-unknown` */
function requirePeer({ manifest, role }: LoadedPlugin, channel: SessionChannel): void {
  const offered = new Set(channel.peerPlugins.flatMap((plugin) => plugin.services));
  const missing = role.opens.find(({ path }) => !offered.has(path));
  if (missing) {
    throw new LiveletError('service-unknown', `the peer doesn't serve ${missing.path}`, {
      data: { plugin: manifest.id, path: missing.path },
    });
  }
}

function startFailure({ manifest }: LoadedPlugin, cause: unknown): LiveletError {
  if (cause instanceof LiveletError) return cause;
  return new LiveletError('plugin-start-failed', `${manifest.id} did not start`, {
    cause,
    data: { plugin: manifest.id },
  });
}

async function startPlugin(
  session: Container,
  plugin: LoadedPlugin,
  channel: SessionChannel,
  clock: Clock,
  heldBack: HeldBackTable,
): Promise<RunningPlugin> {
  const container = new Container({ parent: session });
  const own = channel.pluginChannel(plugin.role);
  const pieces = (plugin.role.ui ?? []).filter(({ slot }) => slot !== 'help');
  const ports = new UiPorts(plugin, pieces);
  const parts = new RunningParts(clock);

  const dispose = async (): Promise<void> => {
    await parts[Symbol.asyncDispose]();
    ports[Symbol.dispose]();
    own[Symbol.dispose]();
    await container.unbindAllAsync();
  };

  try {
    container.bind(PluginChannel).toConstantValue(own);
    container.bind(PluginUi).toConstantValue(ports);
    container.bind(ReceiptNotes).toConstantValue(channel.receiptNotes(plugin.manifest.id));
    container.bind(HeldBack).toConstantValue(heldBack.of(plugin.role.requires));
    await container.loadAsync(plugin.definition.session(plugin.roleName));
    // A plugin whose part is a HostPart needs none in a session.
    if (container.isCurrentBound(SessionPart)) await parts.start(await container.getAllAsync(SessionPart));
  } catch (error) {
    await dispose();
    throw error;
  }
  return { plugin, pieces, ports, [Symbol.asyncDispose]: dispose };
}
