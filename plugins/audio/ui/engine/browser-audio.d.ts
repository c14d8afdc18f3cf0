/** MediaStreamTrackProcessor (MediaCapture Transform), as Chromium has it in windows; not in TypeScript's DOM. */
declare class MediaStreamTrackProcessor {
  constructor(options: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number });
  readonly readable: ReadableStream<AudioData>;
}

/** Audio Output Devices, 3.1, as Chromium has it for contexts. */
interface AudioContext {
  setSinkId?(id: string): Promise<void>;
}

/** WebCodecs Opus registration, 4.1, as Chromium has it. */
interface OpusEncoderConfig {
  application?: 'voip' | 'audio' | 'lowdelay';
}
