import type { PagePort } from '@livelet/core';
import type { FilmFormat, PictureToRecorder } from '../src/page-protocol.js';

/** A frame as the page made it. */
export interface KeptFrame extends FilmFormat {
  /** ms from the first */
  readonly at: number;
  readonly key: boolean;
  /** base64 */
  readonly bytes: string;
}

/** A port that keeps what goes through it: every frame that was posted, and how many are with the disk. */
export class KeepingPort implements PagePort {
  readonly frames: KeptFrame[] = [];
  readonly sounds: number[] = [];
  readonly #port: PagePort;
  readonly #waiting = new Set<() => void>();
  #began: number | undefined;
  #taken = 0;

  constructor(port: PagePort) {
    this.#port = port;
    port.onMessage(({ json }) => {
      if ((json as { readonly type?: string }).type === 'taken') this.#taken += 1;
      for (const look of this.#waiting) look();
    });
  }

  get name(): string {
    return this.#port.name;
  }

  get bufferedBytes(): number {
    return this.#port.bufferedBytes;
  }

  post(message: Parameters<PagePort['post']>[0]): void {
    const { json, bytes } = message;
    const posted = json as unknown as PictureToRecorder;
    if (posted.type === 'sound') this.sounds.push(posted.duration);
    if (posted.type === 'frame' && bytes) {
      this.#began ??= performance.now();
      const { key, codec, width, height } = posted;
      const at = Math.round(performance.now() - this.#began);
      this.frames.push({ at, key, codec, width, height, bytes: Buffer.from(bytes).toString('base64') });
    }
    this.#port.post(message);
  }

  onMessage(listener: Parameters<PagePort['onMessage']>[0]): Disposable {
    return this.#port.onMessage(listener);
  }

  onClose(listener: () => void): Disposable {
    return this.#port.onClose(listener);
  }

  close(): void {
    this.#port.close();
  }

  /** Resolves once so many more frames, or packets of sound, are with the disk. */
  async more(count: number): Promise<void> {
    const wanted = this.#taken + count;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => void (this.#taken >= wanted && resolve());
    const timer = setTimeout(() => reject(new Error(`${this.#taken} of ${wanted}`)), 30_000);
    this.#waiting.add(look);
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }
}
