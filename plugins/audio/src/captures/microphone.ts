import {
  type AudioCapture,
  type AudioDevice,
  type AudioTrack,
  asLiveletError,
  type CaptureListener,
} from '@livelet/core';
import { deviceKey } from '../page-protocol.js';

/**
 * The microphone that the person chose, wherever it is reached. Left to itself it is the page's, because only the browser
 * keeps what it plays out of it; a program's where the page gets none.
 */
export class Microphone implements AudioCapture {
  readonly #page: AudioCapture;
  readonly #host: AudioCapture;

  constructor(page: AudioCapture, host: AudioCapture) {
    this.#page = page;
    this.#host = host;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    return [...(await this.#page.devices()), ...(await this.#host.devices())];
  }

  /** @param device a key, see deviceKey */
  async open(
    track: AudioTrack,
    device: string | undefined,
    listener: CaptureListener,
    signal: AbortSignal,
  ): Promise<AsyncDisposable> {
    const chosen = device === undefined ? undefined : await this.#find(device);
    if (chosen) {
      const capture = chosen.place === 'page' ? this.#page : this.#host;
      return await capture.open(track, chosen.id, listener, signal);
    }
    try {
      return await this.#page.open(track, undefined, listener, signal);
    } catch (error) {
      const problem = asLiveletError(error);
      if (problem.code !== 'audio-unavailable' || signal.aborted) throw problem;
      return await this.#host.open(track, undefined, listener, signal);
    }
  }

  /** One that went away is as good as none chosen. */
  async #find(key: string): Promise<AudioDevice | undefined> {
    return (await this.devices()).find((device) => deviceKey(device) === key);
  }
}
