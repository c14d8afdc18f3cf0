import { CloseReason } from '@livelet/core/wire';

/** How an end came in. */
export type EndTransport = 'websocket' | 'tls-tcp';

/** What happens with all that one end does; it has one owner at a time. */
export interface EndHandlers {
  /** At most MAX_RELAY_MESSAGE bytes, so far unread. */
  message(text: string): void;
  frame(bytes: Buffer): void;
  /** It did what its way in doesn't allow. */
  broke(): void;
  /** The last call. `good`: it said goodbye first. */
  closed(good: boolean): void;
}

/** One end's connection, whichever way it came in. */
export interface EndSocket {
  readonly transport: EndTransport;
  handlers: EndHandlers;
  /** All bytes that ever came, pings and pongs too. */
  readonly bytesRead: number;
  readonly isPaused: boolean;
  /** Neither gone nor told to go. */
  readonly isOpen: boolean;
  sendMessage(text: string): void;
  /** @param taken the system took it, or the end is gone */
  sendFrame(bytes: Buffer, taken: () => void): void;
  ping(): void;
  pause(): void;
  resume(): void;
  /** Sends what is queued and then the reason; after `stalledMs` it is gone either way. Nothing is handled any more. */
  close(reason: CloseReason): void;
  terminate(): void;
}

/** Handles nothing: for an end that is on its way out. */
export const DEAF: EndHandlers = {
  message: () => {},
  frame: () => {},
  broke: () => {},
  closed: () => {},
};

const NAMES: ReadonlyMap<CloseReason, string> = new Map(
  Object.entries(CloseReason).map(([name, code]) => [code, name]),
);

/** The name of a close reason, as logs and close frames say it. */
export function reasonName(reason: CloseReason): string {
  return NAMES.get(reason) ?? String(reason);
}
