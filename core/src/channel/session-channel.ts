import type { Capability } from '../consent/capability.js';
import type { AgreedPart } from '../consent/countersigning.js';
import type { GrantsView } from '../consent/grants.js';
import type { OwnGrantsControl } from '../consent/own-grants.js';
import type { Receipt } from '../consent/receipt.js';
import type { OpenedPath, ServedPath } from '../contracts/plugin.js';
import type { ReceiptNotes } from '../contracts/receipt-notes.js';
import type { SessionInfo } from '../contracts/session.js';
import type { Route } from '../transport/transport.js';
import type { EndReason } from './frames.js';
import type { SessionEnd } from './session-end.js';
import type { PluginChannel, ServicePath } from './streams.js';

/** A plugin as its end names it in hello. */
export interface HelloPlugin {
  readonly id: string;
  readonly version: string;
  /** The paths that its role serves at that end. */
  readonly services: readonly ServicePath[];
}

/** Numbers of a running session at this moment. */
export interface SessionStatistics {
  /** The way that the connection takes now, or took before it was lost. */
  readonly route: Route;
  /** Round trip between the ends, ms; undefined until the first measurement. */
  readonly rttMs: number | undefined;
  /** Bytes of records, headers included, since the session's start. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly recordsSent: number;
  readonly recordsReceived: number;
  /** Records that the peer is known to have received. */
  readonly recordsAcknowledged: number;
  /** Streams open in either direction. */
  readonly streams: number;
  /** Bytes that streams have taken and no record carries yet. */
  readonly queuedBytes: number;
  /** How often the connection was lost and came back. */
  readonly resumes: number;
}

/** Whether the two ends can hear each other. Times are wall time, ms since 1970. */
export type SessionConnection =
  | { readonly state: 'connected' }
  | {
      readonly state: 'reconnecting';
      /** When the connection was lost. */
      readonly since: number;
      /** When the session ends as interrupted, if the ends haven't met by then. */
      readonly until: number;
    };

/** The paths that a PluginChannel is limited to; a RoleManifest fits. */
export interface PluginPaths {
  readonly serves: readonly ServedPath[];
  readonly opens: readonly OpenedPath[];
}

/** One running session as its host sees it: the encrypted channel, who is there, what is granted, and the end. */
export interface SessionChannel extends SessionInfo {
  /** What the peer's hello named, at most one entry for each id. */
  readonly peerPlugins: readonly HelloPlugin[];
  readonly ownGrants: OwnGrantsControl;
  readonly peerGrants: GrantsView;
  readonly receipt: Receipt;
  /** What both ends signed of the session, or this end alone. @throws `internal` before `ended` */
  readonly agreed: AgreedPart;
  /** Resolves once, however the session ends. Never rejects. */
  readonly ended: Promise<SessionEnd>;
  readonly connection: SessionConnection;
  /** Called at each change of `connection`; not for the session's end. */
  onConnection(listener: (connection: SessionConnection) => void): Disposable;
  statistics(): SessionStatistics;
  /**
   * A plugin's view: these paths and nothing else. Disposing it resets the plugin's streams.
   * @throws `plugin-duplicate` for a path that another plugin serves or that is built in
   */
  pluginChannel(paths: PluginPaths): PluginChannel & Disposable;
  /** A plugin's way to the receipt. */
  receiptNotes(plugin: string): ReceiptNotes;
  /**
   * Puts a question to the person at the other end; their answer arrives in `peerGrants`.
   * @throws `request-too-soon` (after a refusal, see AskRests; data: waitMs), `not-granted` (that host never allows it), `session-ended`,
   *   `session-interrupted`, `deadline-exceeded`
   */
  ask(capability: Capability, signal?: AbortSignal): Promise<void>;
  /**
   * Called when the peer asks for something that the person here has to answer with `ownGrants`; soon after its
   * registration also for what was asked before and has no answer.
   */
  onAsked(listener: (capability: Capability) => void): Disposable;
  /**
   * Lets plugins note what is over, for at most 0.5 s where one needs time; then sends what is queued and exchanges
   * signatures under the receipt, together for at most 1 s, says END and closes; resolves like `ended`. Nothing is granted any more from the call on. Idempotent.
   */
  end(reason: EndReason): Promise<SessionEnd>;
}
