import type { MuxStream } from './byte-stream.js';
import { encodeAck, encodeClose, encodeCredit, encodePing } from './frames.js';
import type { OutgoingRecord } from './record-pipe.js';
import { RECORD_TYPES } from './records.js';
import { SendSchedule } from './send-schedule.js';

/**
 * Everything that waits to be sent, at most one record of it made at a time. However many frames the peer sends, what
 * they cause here is a few marks that later ones overwrite, and the `frames`, which the multiplexer bounds.
 */
export class Outbox {
  readonly #schedule = new SendSchedule();
  readonly #frames: OutgoingRecord[] = [];
  readonly #creditDue = new Set<MuxStream>();
  #ackDue = false;
  #ping: bigint | undefined;
  #pong: bigint | undefined;

  /** How many opens and resets wait. */
  get frames(): number {
    return this.#frames.length;
  }

  /** An open or a reset; these keep their order. */
  addFrame(type: number, body: Uint8Array): void {
    this.#frames.push({ type, body, pad: true, retained: true });
  }

  addAck(): void {
    this.#ackDue = true;
  }

  addPing(token: bigint): void {
    this.#ping = token;
  }

  addPong(token: bigint): void {
    this.#pong = token;
  }

  addCredit(stream: MuxStream): void {
    this.#creditDue.add(stream);
  }

  addStream(stream: MuxStream): void {
    this.#schedule.add(stream);
  }

  /** Nothing more is sent of a stream that is gone, and nothing of it kept: a peer can open and reset many a second. */
  forget(stream: MuxStream): void {
    this.#creditDue.delete(stream);
    this.#schedule.delete(stream);
  }

  /**
   * @param received number of the last record received, for an ack
   * @param full nothing that is retained may be sent
   */
  next(received: bigint, full: boolean): OutgoingRecord | undefined {
    // A peer that waits for acknowledgements must get them, or two full ends would wait for each other.
    if (full) return this.#nextSign(received);
    return this.#frames.shift() ?? this.#nextSign(received) ?? this.#nextCredit() ?? this.#nextOfStream();
  }

  /** Another connection: what was asked on the one before needs no answer. */
  restart(): void {
    this.#ping = undefined;
    this.#pong = undefined;
  }

  clear(): void {
    this.#frames.length = 0;
    this.#creditDue.clear();
    this.#schedule.clear();
    this.#ackDue = false;
    this.#ping = undefined;
    this.#pong = undefined;
  }

  #nextSign(received: bigint): OutgoingRecord | undefined {
    if (this.#pong !== undefined) {
      const body = encodePing(this.#pong);
      this.#pong = undefined;
      return { type: RECORD_TYPES.pong, body, pad: true, retained: false };
    }
    if (this.#ping !== undefined) {
      const body = encodePing(this.#ping);
      this.#ping = undefined;
      return { type: RECORD_TYPES.ping, body, pad: true, retained: false };
    }
    if (this.#ackDue) {
      this.#ackDue = false;
      return { type: RECORD_TYPES.ack, body: encodeAck(received), pad: true, retained: false };
    }
    return undefined;
  }

  #nextCredit(): OutgoingRecord | undefined {
    for (const stream of this.#creditDue) {
      this.#creditDue.delete(stream);
      const bytes = stream.takeCredit();
      // Its window became smaller since it was due.
      if (bytes === 0) continue;
      const body = encodeCredit({ stream: stream.id, bytes });
      return { type: RECORD_TYPES.credit, body, pad: true, retained: true };
    }
    return undefined;
  }

  #nextOfStream(): OutgoingRecord | undefined {
    const stream = this.#schedule.next();
    if (!stream) return undefined;
    const body = stream.takeData();
    if (!body) {
      return { type: RECORD_TYPES.close, body: encodeClose(stream.id), pad: true, retained: true };
    }
    const { pad, replay } = stream.profile;
    return { type: RECORD_TYPES.data, body, pad, retained: replay, stream: stream.id };
  }
}
