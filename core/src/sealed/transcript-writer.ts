import { utf8 } from '../channel/bytes.js';
import type { RandomSource } from '../channel/crypto.js';
import type { Identity } from '../channel/identity.js';
import type { Clock } from '../clock.js';
import { MAX_ENVELOPE } from './envelope.js';
import {
  MAX_PART_MESSAGES,
  sealTranscriptPart,
  type TranscriptMessage,
  type TranscriptPart,
  transcriptPartId,
} from './transcript-part.js';

/** How long a message waits for others that go into the same part, ms. */
const PART_INTERVAL = 30_000;
/** Bytes of a part's messages as JSON; names, keys and padding need the rest of the envelope. */
const MAX_PART_BYTES = MAX_ENVELOPE.chat - 16 * 1024;

export interface TranscriptWriterOptions {
  /** All parts of the transcript have this in common. */
  readonly head: Omit<TranscriptPart, 'part' | 'messages' | 'author'> & {
    readonly author: { readonly name: string };
  };
  readonly identity: Identity;
  /** X25519 public key. */
  readonly archiveKey: Uint8Array;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Takes a sealed part; returns at once. */
  readonly handOver: (id: string, envelope: Uint8Array) => void;
}

/** Cuts what is written in a session into parts and seals each: a part is out of reach half a minute after its first message. */
export class TranscriptWriter implements Disposable {
  readonly #options: TranscriptWriterOptions;
  #messages: TranscriptMessage[] = [];
  #bytes = 0;
  #part = 0;
  #timer: Disposable | undefined;

  constructor(options: TranscriptWriterOptions) {
    this.#options = options;
  }

  add(message: TranscriptMessage): void {
    const { length } = utf8(JSON.stringify(message));
    if (this.#bytes + length > MAX_PART_BYTES || this.#messages.length >= MAX_PART_MESSAGES) this.flush();
    this.#messages.push(message);
    this.#bytes += length;
    this.#timer ??= this.#options.clock.setTimer(PART_INTERVAL, () => this.flush());
  }

  /** Hands over what has been added. */
  flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#messages.length === 0) return;
    const { head, identity, archiveKey, random, handOver } = this.#options;
    const part = { ...head, part: this.#part, messages: this.#messages };
    this.#part += 1;
    this.#messages = [];
    this.#bytes = 0;
    handOver(transcriptPartId(part), sealTranscriptPart(part, identity, archiveKey, random));
  }

  [Symbol.dispose](): void {
    this.flush();
  }
}
