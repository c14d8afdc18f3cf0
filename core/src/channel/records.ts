/**
 * Records: everything that is said after the handshake, encrypted and in order.
 *
 *     17 | dir u8 | epoch u32 | seq u64 | ciphertext | tag[16]
 *
 * AES-256-GCM; the nonce is the epoch's iv XOR seq, the associated data is the header and then, unsent, the bytes of
 * ciphertext and tag together as u32. The plaintext is
 *
 *     type u8 | length u16 | body | zero padding
 *
 * Numbers are big-endian. Each direction starts at epoch 0 and seq 0; a new epoch has a new key and starts at seq 0.
 */
import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { GCM_TAG_BYTES, gcmOpen, gcmSeal } from './crypto.js';
import { DEFAULT_RECORD_LIMITS, RecordCounter, type RecordLimits } from './record-counter.js';
import { EpochKeys } from './record-keys.js';

export type { RecordLimits };

/** First byte of a record. */
const RECORD_MARK = 0x17;

/** The `dir` byte: from the operator to the customer, and back. */
const DIRECTIONS = { o2c: 0, c2o: 1 } as const;
export type RecordDirection = keyof typeof DIRECTIONS;

/** First byte of the plaintext; the bodies are in PROTOCOL.md. */
export const RECORD_TYPES = {
  identity: 0x01,
  hello: 0x02,
  end: 0x03,
  ack: 0x04,
  ping: 0x05,
  pong: 0x06,
  open: 0x10,
  data: 0x11,
  credit: 0x12,
  close: 0x13,
  reset: 0x14,
} as const;

/** Bytes before the ciphertext. */
const HEADER_BYTES = 14;
/** Bytes of type and length before the body. */
export const PLAIN_HEADER_BYTES = 3;
/** Bytes of the largest plaintext, padding included. */
const MAX_PLAINTEXT = 64 * 1024;
/** Bytes of the largest body. */
export const MAX_RECORD_BODY = MAX_PLAINTEXT - PLAIN_HEADER_BYTES;
/** Bytes of the smallest and the largest whole record. */
export const MIN_RECORD = HEADER_BYTES + PLAIN_HEADER_BYTES + GCM_TAG_BYTES;
export const MAX_RECORD = HEADER_BYTES + MAX_PLAINTEXT + GCM_TAG_BYTES;
/** Padded plaintexts have a multiple of this many bytes, up to MAX_PADDED; longer ones aren't padded. */
export const PADDING_STEP = 64;
export const MAX_PADDED = 1024;
const NO_PADDING = new Uint8Array();

export interface OpenedRecord {
  /** One of RECORD_TYPES if the peer speaks this version; not checked here. */
  readonly type: number;
  readonly body: Uint8Array;
  /** Number within the epoch. */
  readonly seq: bigint;
  readonly epoch: number;
}

/** The sending end of one direction. */
export class RecordSealer {
  readonly #direction: RecordDirection;
  readonly #counter: RecordCounter;
  #keys: EpochKeys | undefined;
  #epoch = 0;
  #total = 0n;

  /** `secret` (64 bytes, from SessionKeys) is taken over: it is overwritten. */
  constructor(direction: RecordDirection, secret: Uint8Array, clock: Clock, limits: RecordLimits = {}) {
    this.#direction = direction;
    this.#counter = new RecordCounter(clock, limits);
    this.#keys = new EpochKeys(secret);
  }

  /** Records sealed since the start, over all epochs; the last one's number in acks is one less. */
  get count(): bigint {
    return this.#total;
  }

  /**
   * The next record. Padded, it tells its length only in steps of 64 bytes, if its plaintext has at most 1 KiB.
   * @throws `message-too-large` (the sealer stays usable), `record-limit` (no epoch is left), `session-ended` (wiped)
   */
  seal(type: number, body: Uint8Array, padded = false): Uint8Array {
    if (body.length > MAX_RECORD_BODY) {
      throw new LiveletError('message-too-large', `a record's body has at most ${MAX_RECORD_BODY} bytes`);
    }
    if (this.#keys === undefined) throw wiped();
    const place = this.#counter.take();
    const keys = this.#keysOf(place.epoch, this.#keys);
    const seq = BigInt(place.seq);
    const head = Uint8Array.of(type, body.length >> 8, body.length & 0xff);
    const padding = padded ? paddingFor(head.length + body.length) : NO_PADDING;
    const record = new Uint8Array(MIN_RECORD + body.length + padding.length);
    writeHeader(record, this.#direction, place.epoch, seq);
    const sealed = record.subarray(HEADER_BYTES);
    gcmSeal(keys.key, keys.nonce(seq), associatedData(record), [head, body, padding], sealed);
    this.#total += 1n;
    return record;
  }

  /** Overwrites the keys; nothing can be sealed afterwards. */
  wipe(): void {
    this.#keys?.wipe();
    this.#keys = undefined;
  }

  #keysOf(epoch: number, current: EpochKeys): EpochKeys {
    if (epoch === this.#epoch) return current;
    const next = current.next();
    current.wipe();
    this.#keys = next;
    this.#epoch = epoch;
    return next;
  }
}

/** The receiving end of one direction. The first record that it refuses is the last that it looks at. */
export class RecordOpener {
  readonly #direction: RecordDirection;
  readonly #recordsPerEpoch: bigint;
  #keys: EpochKeys | undefined;
  #epoch = 0;
  #nextSeq = 0n;
  #total = 0n;

  /** `secret` (64 bytes, from SessionKeys) is taken over: it is overwritten. */
  constructor(
    direction: RecordDirection,
    secret: Uint8Array,
    limits: Pick<RecordLimits, 'recordsPerEpoch'> = {},
  ) {
    this.#direction = direction;
    this.#recordsPerEpoch = BigInt(limits.recordsPerEpoch ?? DEFAULT_RECORD_LIMITS.recordsPerEpoch);
    this.#keys = new EpochKeys(secret);
  }

  /** Records opened since the start, over all epochs; the last one's number in acks is one less. */
  get count(): bigint {
    return this.#total;
  }

  /**
   * @throws `record-malformed`, `record-refused` (not authentic, not the next one, other direction), `record-limit`
   *   (more records than one key may carry), each of which wipes the keys; `session-ended` (wiped)
   */
  open(record: Uint8Array): OpenedRecord {
    if (this.#keys === undefined) throw wiped();
    try {
      return this.#openNext(record, this.#keys);
    } catch (error) {
      this.wipe();
      throw error;
    }
  }

  /** Overwrites the keys; nothing can be opened afterwards. */
  wipe(): void {
    this.#keys?.wipe();
    this.#keys = undefined;
  }

  #openNext(record: Uint8Array, current: EpochKeys): OpenedRecord {
    const { epoch, seq } = this.#readHeader(record);
    const newEpoch = epoch === this.#epoch + 1 && seq === 0n;
    if (!newEpoch && (epoch !== this.#epoch || seq !== this.#nextSeq)) {
      throw new LiveletError('record-refused', 'not the next record', { data: { epoch, seq: String(seq) } });
    }
    const keys = newEpoch ? current.next() : current;
    if (newEpoch) {
      current.wipe();
      this.#keys = keys;
      this.#epoch = epoch;
    }
    const sealed = record.subarray(HEADER_BYTES);
    const plaintext = gcmOpen(keys.key, keys.nonce(seq), associatedData(record), sealed);
    if (plaintext === undefined) throw new LiveletError('record-refused', 'not authentic');
    const { type, body } = decodePlaintext(plaintext);
    this.#nextSeq = seq + 1n;
    this.#total += 1n;
    return { type, body, seq, epoch };
  }

  #readHeader(record: Uint8Array): { epoch: number; seq: bigint } {
    if (record.length < MIN_RECORD || record.length > MAX_RECORD || record[0] !== RECORD_MARK) {
      throw new LiveletError('record-malformed', `no record: ${record.length} bytes`);
    }
    if (record[1] !== DIRECTIONS[this.#direction]) {
      throw new LiveletError('record-refused', 'of the other direction');
    }
    const view = new DataView(record.buffer, record.byteOffset, HEADER_BYTES);
    const seq = view.getBigUint64(6);
    if (seq >= this.#recordsPerEpoch) {
      throw new LiveletError('record-limit', 'more records than one key may carry');
    }
    return { epoch: view.getUint32(2), seq };
  }
}

function writeHeader(record: Uint8Array, direction: RecordDirection, epoch: number, seq: bigint): void {
  const view = new DataView(record.buffer);
  view.setUint8(0, RECORD_MARK);
  view.setUint8(1, DIRECTIONS[direction]);
  view.setUint32(2, epoch);
  view.setBigUint64(6, seq);
}

function associatedData(record: Uint8Array): Uint8Array {
  const data = new Uint8Array(HEADER_BYTES + 4);
  data.set(record.subarray(0, HEADER_BYTES));
  new DataView(data.buffer).setUint32(HEADER_BYTES, record.length - HEADER_BYTES);
  return data;
}

function paddingFor(length: number): Uint8Array {
  return length > MAX_PADDED
    ? NO_PADDING
    : new Uint8Array((PADDING_STEP - (length % PADDING_STEP)) % PADDING_STEP);
}

function decodePlaintext(plaintext: Uint8Array): { type: number; body: Uint8Array } {
  const [type = 0, lengthHigh = 0, lengthLow = 0] = plaintext;
  const end = PLAIN_HEADER_BYTES + lengthHigh * 256 + lengthLow;
  if (end > plaintext.length || plaintext.subarray(end).some((byte) => byte !== 0)) {
    throw new LiveletError('record-malformed', 'length or padding is wrong');
  }
  return { type, body: plaintext.subarray(PLAIN_HEADER_BYTES, end) };
}

function wiped(): LiveletError {
  return new LiveletError('session-ended', 'the keys are gone');
}
