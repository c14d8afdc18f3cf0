import { type SnapshotRequest, STAGE_SNAPSHOT_EVENT } from '@livelet/core/page';
import { saveAs } from '@livelet/window/page';
import { localizer } from './page-context.js';
import { PICTURE_STRINGS } from './picture-strings.js';

/**
 * Keeps the picture that `stage` shows at this moment as a file.
 * @returns what to tell the person
 */
export async function keepScreenshot(stage: HTMLElement, cursor: boolean): Promise<string> {
  let picture: Promise<Blob> | undefined;
  const detail: SnapshotRequest = {
    cursor,
    answer: (answered) => {
      picture = answered;
    },
  };
  stage.dispatchEvent(new CustomEvent(STAGE_SNAPSHOT_EVENT, { detail }));
  const words = PICTURE_STRINGS[localizer.locale];
  if (picture === undefined) return words.noPicture;
  try {
    const { to, name } = await saveAs(screenshotName(new Date()), picture, ['image/png', '.png']);
    if (to === 'nowhere') return words.notSaved;
    return to === 'chosen' ? words.savedAs(name) : words.savedToDownloads(name);
  } catch {
    return words.saveFailed;
  }
}

/** `livelet-2026-11-22T093005.png`, in the person's own time. */
export function screenshotName(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return `livelet-${local.toISOString().slice(0, 19).replaceAll(':', '')}.png`;
}
