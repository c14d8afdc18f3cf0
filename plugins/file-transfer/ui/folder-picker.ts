declare global {
  interface Window {
    /** Only Chromium's browsers have it; TypeScript's library doesn't know it. */
    showDirectoryPicker(options?: { readonly mode?: 'read' }): Promise<FileSystemDirectoryHandle>;
  }
}

/** Whether there is a picker that gives all of a folder, empty ones in it too. Electron's isn't allowed to our pages. */
export function hasFolderPicker(): boolean {
  return 'showDirectoryPicker' in window && location.protocol !== 'livelet:';
}

/** @returns undefined: the person chose none, or one that the browser gives to no page */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  return await window.showDirectoryPicker({ mode: 'read' }).catch(() => undefined);
}
