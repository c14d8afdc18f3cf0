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

/** Web Audio API, 1.32: what there is in the thread of the browser's sound; not in TypeScript's DOM. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor<Options>(
  name: string,
  processor: new (node: { readonly processorOptions: Options }) => AudioWorkletProcessor,
): void;
/** s */
declare const currentTime: number;
