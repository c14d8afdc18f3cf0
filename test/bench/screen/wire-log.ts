import type { CountingProxy, Direction } from '../../fixtures/counting-proxy.js';
import { clockNow } from './clock.js';

/** What passed the box before the operator: TLS records, of which only the length can be seen. */
export interface WireRecord {
  /** `out`: from the operator. */
  readonly direction: Direction;
  /** When its last byte passed, ms of {@link clockNow}. */
  readonly at: number;
  /** Bytes inside, after {@link TLS_BYTES} are taken away. */
  readonly inside: number;
  /** The one before it was full, so this one goes on with what that carried. */
  readonly continues: boolean;
}

/** Of each record of TLS 1.3 (RFC 8446, 5.2): header 5, type 1, tag 16. */
export const TLS_BYTES = 22;
const HEADER = 5;
const APPLICATION_DATA = 0x17;
/** The most that one carries. */
const FULL = 16_384;

/** Notes the TLS records that pass, from a moment on at which none is on its way. */
export class WireLog implements Disposable {
  readonly records: WireRecord[] = [];
  readonly #watch: Disposable;
  /** What has come of a record that isn't complete, by connection and direction. */
  readonly #begun = new Map<string, Buffer>();
  readonly #full = new Set<string>();

  constructor(wire: CountingProxy) {
    this.#watch = wire.watch((chunk, direction, connection) => this.#take(chunk, direction, connection));
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  #take(chunk: Buffer, direction: Direction, connection: number): void {
    const at = clockNow();
    const way = `${connection} ${direction}`;
    let rest = Buffer.concat([this.#begun.get(way) ?? Buffer.alloc(0), chunk]);
    while (rest.length >= HEADER) {
      const length = HEADER + rest.readUInt16BE(3);
      if (rest.length < length) break;
      const inside = length - TLS_BYTES;
      if (rest[0] === APPLICATION_DATA)
        this.records.push({ direction, at, inside, continues: this.#full.has(way) });
      if (inside < FULL) this.#full.delete(way);
      else this.#full.add(way);
      rest = rest.subarray(length);
    }
    this.#begun.set(way, rest);
  }
}

/** In front of a record inside TLS: 4 of its length; its own header 14, type and length 3, tag 16. Bytes. */
const FRAME_BYTES = 4;
const RECORD_BYTES = 33;
/** In front of a message in it: 4 of the stream, 4 of its length. */
const STREAM_BYTES = 8;
/** In front of a frame's operations (core/src/contracts/capture-wire.ts). */
const FRAME_HEADER = 22;
const WRAPPED = FRAME_BYTES + RECORD_BYTES;
/** Of an acknowledgement of a frame: 13 bytes. */
const ACKNOWLEDGEMENT = WRAPPED + STREAM_BYTES + 13;
/** Of the channel's own acknowledgements, pings and credit, padded to 64 bytes; no stream is in them. */
const SIGN = FRAME_BYTES + RECORD_BYTES - 3 + 64;

/** Whether it can be the screen's, on its way to the viewer. */
export function isPicture({ direction, inside }: WireRecord): boolean {
  return direction === 'back' && inside !== SIGN;
}

/** Bytes by what they are for. The lengths tell the kinds: a session in which nothing but the screen says anything. */
export function bytesByKind(records: readonly WireRecord[]): Readonly<Record<string, number>> {
  const kinds = {
    TLS: 0,
    'lengths of records': 0,
    'records: header, type, tag': 0,
    'stream and length of messages': 0,
    'headers of frames': 0,
    'acknowledgements of frames': 0,
    'acknowledgements of records, pings, credit': 0,
    'what is drawn': 0,
  };
  for (const { direction, inside, continues } of records) {
    kinds.TLS += TLS_BYTES;
    if (continues) {
      kinds['what is drawn'] += inside;
      continue;
    }
    kinds['lengths of records'] += FRAME_BYTES;
    kinds['records: header, type, tag'] += RECORD_BYTES;
    if (inside === SIGN) {
      kinds['acknowledgements of records, pings, credit'] += inside - WRAPPED;
      continue;
    }
    kinds['stream and length of messages'] += STREAM_BYTES;
    if (direction === 'out' && inside === ACKNOWLEDGEMENT) {
      kinds['acknowledgements of frames'] += inside - WRAPPED - STREAM_BYTES;
      continue;
    }
    kinds['headers of frames'] += FRAME_HEADER;
    kinds['what is drawn'] += inside - WRAPPED - STREAM_BYTES - FRAME_HEADER;
  }
  return kinds;
}
