import {
  type CaptureSource,
  type DisplayInfo,
  type DisplayListener,
  LiveletError,
  type OpenDisplay,
} from '@livelet/core';

/** One display of a source, and no other: who looks at it can't choose, nor learn what else there is. */
export class ChosenDisplay implements CaptureSource {
  readonly #source: CaptureSource;
  readonly #chosen: DisplayInfo;

  constructor(source: CaptureSource, chosen: DisplayInfo) {
    this.#source = source;
    this.#chosen = chosen;
  }

  /** @throws `display-lost` when it is gone, also where another one has its number now; those of the source */
  async displays(): Promise<readonly DisplayInfo[]> {
    const now = (await this.#source.displays()).find((display) => this.#isIt(display));
    if (!now) throw new LiveletError('display-lost', 'the display that was chosen is gone');
    return [now];
  }

  /** @throws `display-unknown` for any other; those of the source */
  async open(id: number, listener: DisplayListener): Promise<OpenDisplay> {
    if (id !== this.#chosen.id) {
      throw new LiveletError('display-unknown', `display ${id}`, { data: { display: id } });
    }
    return await this.#source.open(id, listener);
  }

  /** Everything together may change its size; a monitor of another place or size may be another one. */
  #isIt({ id, name, x, y, width, height }: DisplayInfo): boolean {
    const chosen = this.#chosen;
    if (id !== chosen.id || name !== chosen.name) return false;
    const isSame = x === chosen.x && y === chosen.y && width === chosen.width && height === chosen.height;
    return id === 0 || isSame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source[Symbol.asyncDispose]();
  }
}
