import type { VideoOperation } from '@livelet/core/page';

/** Decodes the one video of a picture. Chunks come in the order of the frames, those of a key chunk begin anew. */
export interface VideoTrackDecoder extends Disposable {
  /**
   * Begins to decode a chunk before it returns; the promises are kept in the order of the calls.
   *
   * @returns the decoded picture, at least as large as the operation; the caller closes it. Rejects when the chunk
   *   can't be decoded, and after `reset` and disposal. The caller has a deadline.
   */
  decode(operation: VideoOperation): Promise<VideoFrame>;
  /** The video is over: closes what was decoded and not taken yet, and lets the decoder go. A key chunk may follow. */
  reset(): void;
}
