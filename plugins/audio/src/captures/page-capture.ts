import type { AudioCapture, AudioDevice, AudioTrack, CaptureListener } from '@livelet/core';
import type { EngineLink } from '../engine-link.js';

/** Microphones of the browser, which takes out of them what it plays itself, so that nobody hears their own voice back. */
export class PageCapture implements AudioCapture {
  readonly #engine: EngineLink;

  constructor(engine: EngineLink) {
    this.#engine = engine;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    return this.#engine.inputs;
  }

  open(
    track: AudioTrack,
    device: string | undefined,
    listener: CaptureListener,
    signal: AbortSignal,
  ): Promise<AsyncDisposable> {
    return this.#engine.open(track, device, listener, signal);
  }
}
