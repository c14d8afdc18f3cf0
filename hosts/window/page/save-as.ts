import { saveFile } from './save-file.js';

/**
 * Where the file went: a place that the person chose, what their window does with downloads, of which the page hears
 * nothing more, or nowhere because they chose none.
 */
export type SavedTo = 'chosen' | 'downloads' | 'nowhere';

interface FileHandle {
  readonly name: string;
  createWritable(): Promise<{ write(content: Blob): Promise<void>; close(): Promise<void> }>;
}
type SavePicker = (options: {
  suggestedName: string;
  types: readonly { description: string; accept: Readonly<Record<string, readonly string[]>> }[];
}) => Promise<FileHandle>;

/**
 * Asks the person where to keep a file and writes it there; where the page can't ask, it is a download.
 * Called from a click or a key press, which is what lets a browser ask.
 * @param content awaited after the place is chosen
 * @param type media type and ending, such as `['image/png', '.png']`
 * @throws what `content` rejects with, or a DOMException when the place can't be written
 */
export async function saveAs(
  name: string,
  content: Promise<Blob>,
  [mediaType, ending]: readonly [mediaType: string, ending: string],
): Promise<{ readonly to: SavedTo; readonly name: string }> {
  // Heard of below, if it fails while the person still chooses.
  content.catch(() => undefined);
  const handle = await askForPlace(name, mediaType, ending);
  if (handle === 'nowhere') return { to: 'nowhere', name };
  const blob = await content;
  if (handle === undefined) {
    saveFile(name, blob);
    return { to: 'downloads', name };
  }
  const file = await handle.createWritable();
  await file.write(blob);
  await file.close();
  return { to: 'chosen', name: handle.name };
}

async function askForPlace(
  suggestedName: string,
  mediaType: string,
  ending: string,
): Promise<FileHandle | 'nowhere' | undefined> {
  // Electron asks for a place with each download.
  if (location.protocol === 'livelet:') return undefined;
  const { showSaveFilePicker: ask } = window as Window & { showSaveFilePicker?: SavePicker };
  try {
    // Without a description some browsers offer a choice of types that reads as nothing.
    const description = ending.slice(1).toUpperCase();
    return await ask?.({ suggestedName, types: [{ description, accept: { [mediaType]: [ending] } }] });
  } catch (error) {
    // Any other refusal is the window's, such as of a shell without that dialog: the downloads do.
    return error instanceof DOMException && error.name === 'AbortError' ? 'nowhere' : undefined;
  }
}
