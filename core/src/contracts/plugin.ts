import type { ContainerModule, ServiceIdentifier } from 'inversify';
import type { ServicePath, StreamPriority } from '../channel/streams.js';
import type { Capability } from '../consent/capability.js';
import type { LocalizedText } from '../localized-text.js';
import type { PagePort } from './page-port.js';

/** The version of all contracts together. A plugin's `contract` range must include it and name one major. */
export const CONTRACT_VERSION = '1.0.0';

/**
 * Where a host has room for a plugin's user interface. The host decides where a slot is; the plugin what is in it.
 * `stage` is the largest: a screen or another picture from the other side.
 * `background` is never seen: what needs a browser, such as its video encoder, and no person. `help` is there whenever
 * the host's page is, also without a session: its pieces talk to the plugin's HostPart, those of all others to its
 * SessionPart.
 */
export const UI_SLOTS = ['stage', 'toolbar', 'side-panel', 'control-panel', 'background', 'help'] as const;
export type UiSlot = (typeof UI_SLOTS)[number];

/** One piece of user interface, as data. */
export interface UiContribution {
  /** Unique within the plugin. */
  readonly id: string;
  readonly slot: UiSlot;
  readonly title: LocalizedText;
  /** An ES module inside the plugin's folder that exports `mount` (see PanelModule in `@livelet/core/page`). */
  readonly module: string;
  /** Name of one of the host's bundled icons. */
  readonly icon?: string;
  /** Shown only while the session's served side grants this. */
  readonly capability?: Capability;
  /** What else is of use in it: the operator's host offers to ask for each of these that isn't granted. */
  readonly asks?: readonly Capability[];
}

/** A service that a role answers at its end. */
export interface ServedPath {
  readonly path: ServicePath;
  /** What the person at this end must have granted before the peer may open it. */
  readonly capability: Capability;
  readonly priority: StreamPriority;
}

/** A peer's service that a role opens. */
export interface OpenedPath {
  readonly path: ServicePath;
  readonly priority: StreamPriority;
}

/** One half of a plugin, named by what it does (`source`, `viewer`), never by the host that loads it. */
export interface RoleManifest {
  /** Every capability that the role's services need. */
  readonly requires: readonly Capability[];
  readonly serves: readonly ServedPath[];
  readonly opens: readonly OpenedPath[];
  /** Names of core contracts that it takes from other plugins. */
  readonly uses?: readonly string[];
  readonly ui?: readonly UiContribution[];
}

/** `manifest.json`, checked before any of the plugin's code is loaded. */
export interface PluginManifest {
  /** Reverse-dotted or simple: `livelet.capture`. Lower case letters, digits, dots, hyphens; at most 64. */
  readonly id: string;
  readonly version: string;
  /** Semver range within one major of the contracts, such as `^1.0.0`. */
  readonly contract: string;
  readonly title: LocalizedText;
  /** The module inside the plugin's folder that exports `plugin` (a PluginDefinition). */
  readonly entry: string;
  readonly roles: Readonly<Record<string, RoleManifest>>;
}

/** The code of a plugin: bindings for the host's lifetime and for each session's. */
export interface PluginDefinition {
  /** Singletons of the host process. Must not need any session token; checked at start-up. */
  host?(role: string): ContainerModule;
  /** Loaded into a container of the plugin's own for the host's lifetime; binds HostPart. */
  standing?(role: string): ContainerModule;
  /** Loaded into the plugin's own fresh container in each session; binds SessionPart, if it has any. */
  session(role: string): ContainerModule;
}

/** What runs as long as the host does, in a session or not. PluginUi gives it the ports of the slot `help`. */
export interface HostPart {
  /** Has 2 s. */
  start(): void | Promise<void>;
  /** Releases everything; idempotent; has 2 s. */
  stop(): void | Promise<void>;
}
export const HostPart: ServiceIdentifier<HostPart> = Symbol.for('@livelet/HostPart');

/** What runs while a session runs. Started in load order, stopped in reverse. */
export interface SessionPart {
  /** Returns soon; long work goes on in the background until `stop`. */
  start(): void | Promise<void>;
  /** Releases everything; idempotent; has 2 s. */
  stop(): void | Promise<void>;
}
export const SessionPart: ServiceIdentifier<SessionPart> = Symbol.for('@livelet/SessionPart');

/** The ports of this plugin's own pieces of user interface: in this session, or for a HostPart of the slot `help`. */
export interface PluginUi {
  /** Called for each page that mounts the contribution `id`, again after a reload. */
  onPort(id: string, listener: (port: PagePort) => void): Disposable;
}
export const PluginUi: ServiceIdentifier<PluginUi> = Symbol.for('@livelet/PluginUi');
