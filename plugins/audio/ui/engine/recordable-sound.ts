import { PAGE_SOUND_EVENT, type PageSound, type PageSoundRequest } from '@livelet/core/page';

/** What is heard and said in this page while it is, for whoever takes it up beside the person. */
export class RecordableSound implements PageSound<MediaStreamTrack>, Disposable {
  readonly #tracks = new Map<object, MediaStreamTrack>();
  readonly #listeners = new Set<{ readonly call: () => void }>();
  readonly #answering = new AbortController();

  constructor() {
    const answer = (event: Event): void =>
      (event as CustomEvent<PageSoundRequest<MediaStreamTrack>>).detail.answer(this);
    document.addEventListener(PAGE_SOUND_EVENT, answer, { signal: this.#answering.signal });
  }

  get tracks(): readonly MediaStreamTrack[] {
    return [...this.#tracks.values()];
  }

  onChange(listener: () => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** @param owner who has it, until `remove` */
  put(owner: object, track: MediaStreamTrack): void {
    this.#tracks.set(owner, track);
    this.#tell();
  }

  remove(owner: object): void {
    if (this.#tracks.delete(owner)) this.#tell();
  }

  [Symbol.dispose](): void {
    this.#answering.abort();
    this.#listeners.clear();
  }

  #tell(): void {
    for (const { call } of [...this.#listeners]) call();
  }
}
