import { CloseReason, type Side, type Transport, type TransportHandlers } from '@livelet/core';
import type { WebSocket } from 'ws';

/** A frame of a visitor, counted from 0. */
export type FrameListener = (frame: Uint8Array, index: number) => void;

/** An end as the hostile relay has it in its hands. */
export class Visitor {
  readonly side: Side;
  readonly nameplate: string;
  /** All that this end ever sent, in order. */
  readonly frames: Uint8Array[] = [];
  /** Resolves when its socket is gone. */
  readonly gone: Promise<void>;
  readonly #socket: WebSocket;
  #listener: FrameListener | undefined;
  #heard = 0;

  constructor(socket: WebSocket, side: Side, nameplate: string) {
    this.side = side;
    this.nameplate = nameplate;
    this.#socket = socket;
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
  }

  /** Whatever comes once it is joined, from the first frame on. */
  onFrame(listener: FrameListener): void {
    this.#listener = listener;
    this.#tell();
  }

  join(): void {
    this.#socket.on('message', (data: Buffer) => {
      this.frames.push(Uint8Array.from(data));
      this.#tell();
    });
    this.#socket.send(JSON.stringify({ type: 'joined' }));
  }

  send(frame: Uint8Array): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }

  /** A lie: says that the other end closed in good order. */
  close(): void {
    this.#socket.close(CloseReason.peerClosed);
  }

  #tell(): void {
    while (this.#listener !== undefined && this.#heard < this.frames.length) {
      const index = this.#heard;
      this.#heard += 1;
      const frame = this.frames[index];
      if (frame !== undefined) this.#listener(frame, index);
    }
  }
}

/** Lets the relay itself talk with a visitor, as if it were the other end. */
export class VisitorTransport implements Transport {
  readonly kind = 'simulated';
  readonly route = { kind: 'simulated', why: 'first' } as const;
  readonly bufferedBytes = 0;
  readonly #visitor: Visitor;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  attach(handlers: TransportHandlers): void {
    this.#visitor.onFrame((frame) => handlers.frame(Uint8Array.from(frame)));
    void this.#visitor.gone.then(() => handlers.closed());
  }

  send(frame: Uint8Array): boolean {
    this.#visitor.send(frame);
    return true;
  }

  close(): void {
    this.#visitor.close();
  }
}
