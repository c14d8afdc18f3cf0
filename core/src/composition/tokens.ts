import type { ServiceIdentifier } from 'inversify';
import { PluginChannel } from '../channel/streams.js';
import { HeldBack } from '../contracts/held-back.js';
import { HostPart, PluginUi, SessionPart } from '../contracts/plugin.js';
import { ReceiptNotes } from '../contracts/receipt-notes.js';
import { OwnGrants, PeerGrants, SessionInfo } from '../contracts/session.js';

/** What exists only while a session runs, or for one plugin alone. A host binding that needs one of these would carry session 1 into session 2. */
export const SESSION_TOKENS: readonly ServiceIdentifier[] = [
  SessionInfo,
  OwnGrants,
  PeerGrants,
  PluginChannel,
  PluginUi,
  SessionPart,
  HostPart,
  ReceiptNotes,
  HeldBack,
];
