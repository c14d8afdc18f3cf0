/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** One message between a page and its host: JSON, and bytes beside it when there are any. */
export interface PortMessage {
  readonly json: JsonValue;
  readonly bytes?: Uint8Array;
}

/** The largest message through a port: 16 MiB, JSON and bytes together. */
export const MAX_PORT_MESSAGE = 16 * 1024 * 1024;

/**
 * One named conversation between a page's code and its other half in the host. The same in a browser tab and in
 * Electron, at both ends. Messages keep their order; after close nothing is delivered and `post` does nothing.
 */
export interface PagePort {
  readonly name: string;
  /** Bytes posted and not yet taken by the other side's socket; 0 where the shell can't tell. */
  readonly bufferedBytes: number;
  /** `bytes` aren't copied: they must stay as they are until the other end has them. */
  post(message: PortMessage): void;
  /** Messages that came before the first listener are kept for it. */
  onMessage(listener: (message: PortMessage) => void): Disposable;
  /** The page reloaded, closed the port or went away, or the host closed it. Called once. */
  onClose(listener: () => void): Disposable;
  close(): void;
}
