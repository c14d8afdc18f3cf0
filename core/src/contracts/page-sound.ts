/** Pages: where in a page its sound is, for whoever takes it up beside the person; by an event of the document. */

/**
 * Asks every piece that plays sound in this page, or takes it up, for that sound; the detail is a PageSoundRequest. It
 * is sent to the document.
 */
export const PAGE_SOUND_EVENT = 'livelet-page-sound';

/** Detail of a PAGE_SOUND_EVENT. `Track` is MediaStreamTrack; this package has no DOM. */
export interface PageSoundRequest<Track = object> {
  /** Called at once by each piece that has sound, or may have some later in this session. */
  answer(sound: PageSound<Track>): void;
}

/** One piece's sound: what is heard from the other person, and what goes to them while it does. */
export interface PageSound<Track = object> {
  /**
   * Audio tracks that carry sound now; none while nothing is heard or sent, and none of a microphone that is muted.
   * Whoever gets them reads them only, and lets go of each once it has ended or is no longer here.
   */
  readonly tracks: readonly Track[];
  /** After each change of `tracks`. */
  onChange(listener: () => void): Disposable;
}
