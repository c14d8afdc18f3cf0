import { LiveletError } from '../src/errors.js';
import { MAX_TRANSPORT_FRAME, type Transport, type TransportHandlers } from '../src/transport/transport.js';
import type { Lane, LaneEnd } from './simulated-lane.js';

/** One end of a simulated link. */
export class SimulatedTransport implements Transport, LaneEnd {
  readonly kind = 'simulated';
  readonly route = { kind: 'simulated', why: 'first' } as const;
  readonly #out: Lane;
  readonly #early: Uint8Array[] = [];
  #handlers: TransportHandlers | undefined;
  #end: { readonly error: LiveletError | undefined } | undefined;

  constructor(out: Lane) {
    this.#out = out;
  }

  get bufferedBytes(): number {
    return this.#out.bufferedBytes;
  }

  attach(handlers: TransportHandlers): void {
    if (this.#handlers) throw new LiveletError('internal', 'attached twice');
    this.#handlers = handlers;
    for (const frame of this.#early.splice(0)) handlers.frame(frame);
    if (this.#end) handlers.closed(this.#end.error);
  }

  send(frame: Uint8Array): boolean {
    if (this.#end) return false;
    if (frame.length === 0 || frame.length > MAX_TRANSPORT_FRAME) {
      throw new LiveletError('internal', `a frame of ${frame.length} bytes`);
    }
    return this.#out.send(frame);
  }

  close(): void {
    if (this.#end) return;
    this.#out.close();
    this.lose(undefined);
  }

  // What the link tells

  receive(frame: Uint8Array): void {
    if (this.#end) return;
    if (this.#handlers) this.#handlers.frame(frame);
    else this.#early.push(frame);
  }

  drained(): void {
    if (!this.#end) this.#handlers?.drained();
  }

  lose(error: LiveletError | undefined): void {
    if (this.#end) return;
    this.#end = { error };
    this.#handlers?.closed(error);
  }
}
