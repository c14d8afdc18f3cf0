import type { Clock } from '@livelet/core/wire';
import type { WebSocket } from 'ws';
import type { RelaySettings } from '../settings.js';

/** Frames waiting at once: each costs some hundred bytes beside its content, so tiny ones are counted too. */
const MOST_FRAMES = 1024;

/** One direction of a splice. When the receiver is slow the sender's socket is paused; no frame is ever dropped. */
export class Pipe implements Disposable {
  readonly #from: WebSocket;
  readonly #to: WebSocket;
  readonly #clock: Clock;
  readonly #settings: RelaySettings;
  readonly #stalled: () => void;
  #bytes = 0;
  #frames = 0;
  #patience: Disposable | undefined;

  /** @param stalled the receiver took nothing for `stalledMs` while the sender was paused */
  constructor(from: WebSocket, to: WebSocket, clock: Clock, settings: RelaySettings, stalled: () => void) {
    this.#from = from;
    this.#to = to;
    this.#clock = clock;
    this.#settings = settings;
    this.#stalled = stalled;
  }

  /** Bytes of frames passed on so far. */
  get bytes(): number {
    return this.#bytes;
  }

  pass(frame: Uint8Array): void {
    this.#bytes += frame.byteLength;
    this.#frames += 1;
    this.#to.send(frame, { binary: true }, () => this.#taken());
    if (this.#patience === undefined && this.#load() > 1) {
      this.#from.pause();
      this.#wait();
    }
  }

  [Symbol.dispose](): void {
    this.#patience?.[Symbol.dispose]();
  }

  /** How full it is: 1 is the most that may wait. */
  #load(): number {
    return Math.max(this.#to.bufferedAmount / this.#settings.bufferBytes, this.#frames / MOST_FRAMES);
  }

  #taken(): void {
    this.#frames -= 1;
    if (this.#patience === undefined) return;
    this.#patience[Symbol.dispose]();
    if (this.#load() > 0.5) {
      this.#wait();
    } else {
      this.#patience = undefined;
      this.#from.resume();
    }
  }

  #wait(): void {
    this.#patience = this.#clock.setTimer(this.#settings.stalledMs, this.#stalled);
  }
}
