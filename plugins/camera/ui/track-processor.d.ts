/** MediaStreamTrackProcessor (MediaCapture Transform), as Chromium has it in windows; not in TypeScript's DOM. */
declare class MediaStreamTrackProcessor {
  constructor(options: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number });
  readonly readable: ReadableStream<VideoFrame>;
}
