import { ArrivalLimit } from '../arrival-limit.js';
import type { Clock } from '../clock.js';
import { asLiveletError } from '../errors.js';
import type { ByteStream, PluginChannel, ServicePath } from './streams.js';

/** Streams of one path that are taken within 10 s: more often than a person presses. */
export const MOST_STREAMS = 20;

/**
 * Takes the peer's streams at `path` as `channel.accept` does, for what a person sees begin and end: those that come
 * faster than a person could want them are reset with `request-too-soon`.
 */
export function acceptLimited(
  channel: PluginChannel,
  path: ServicePath,
  clock: Clock,
  take: (stream: ByteStream) => void,
): Disposable {
  const arrivals = new ArrivalLimit(clock, MOST_STREAMS);
  return channel.accept(path, (stream) => {
    try {
      arrivals.check();
      take(stream);
    } catch (error) {
      stream.reset(asLiveletError(error).code);
    }
  });
}
