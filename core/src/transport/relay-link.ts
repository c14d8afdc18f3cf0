import type { Transport } from './transport.js';

/** A connection to the relay, whatever way it came: messages until the splice, a Transport from `attach` on. */
export interface RelayLink extends Transport {
  /** Text of at most MAX_RELAY_MESSAGE bytes. */
  sendMessage(text: string): void;
  /**
   * The next message from the relay. One caller at a time.
   * @throws the reason for which the relay closed, `relay-protocol` for a frame, or the signal's reason
   */
  nextMessage(signal: AbortSignal): Promise<string>;
}
