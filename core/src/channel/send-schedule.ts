import type { MuxStream } from './byte-stream.js';
import { STREAM_PRIORITIES } from './streams.js';

/** Whose turn it is: the highest priority first, and within one priority each stream in turn. */
export class SendSchedule {
  readonly #turns = STREAM_PRIORITIES.map((priority) => ({ priority, streams: new Set<MuxStream>() }));

  /** `stream` has something to send. */
  add(stream: MuxStream): void {
    this.#turns.find(({ priority }) => priority === stream.priority)?.streams.add(stream);
  }

  delete(stream: MuxStream): void {
    for (const { streams } of this.#turns) streams.delete(stream);
  }

  /** The stream whose turn it is, moved to the end of its row. */
  next(): MuxStream | undefined {
    for (const { streams } of this.#turns) {
      for (const stream of streams) {
        streams.delete(stream);
        if (!stream.sendable) continue;
        streams.add(stream);
        return stream;
      }
    }
    return undefined;
  }

  clear(): void {
    for (const { streams } of this.#turns) streams.clear();
  }
}
