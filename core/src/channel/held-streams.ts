import { asLiveletError, type ErrorCode } from '../errors.js';
import type { ByteStream, PluginChannel, ServicePath } from './streams.js';

/**
 * Holds a stream to the peer's path, and another one each time that the line was lost, until one ends for another
 * reason or `signal` aborts. How often is the line's business, which is sought with pauses: a peer can't say
 * `reconnecting` itself (`Multiplexer`).
 * @param hold runs while a stream is open; what it leaves open is reset
 * @returns the code that the last one ended with, or couldn't be opened for. Never rejects
 */
export async function holdStreams(
  channel: PluginChannel,
  path: ServicePath,
  signal: AbortSignal,
  hold: (stream: ByteStream) => Promise<unknown>,
): Promise<ErrorCode | undefined> {
  for (;;) {
    const code = await holdOne(channel, path, signal, hold);
    if (code !== 'reconnecting' || signal.aborted) return code;
  }
}

async function holdOne(
  channel: PluginChannel,
  path: ServicePath,
  signal: AbortSignal,
  hold: (stream: ByteStream) => Promise<unknown>,
): Promise<ErrorCode | undefined> {
  try {
    const stream = await channel.open(path, signal);
    const stop = (): void => stream.reset('cancelled');
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (!signal.aborted) await hold(stream);
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
    return await stream.closed;
  } catch (error) {
    return asLiveletError(error).code;
  }
}
