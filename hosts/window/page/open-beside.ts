/**
 * Opens `dialog` beside what the page shows: all of it goes on working, so that what stops a session stays in sight and
 * in reach. Where it stands is the page's to say, with `--ll-beside-top`. Esc in it closes it.
 */
export function openBeside(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const closing = new AbortController();
  const { signal } = closing;
  dialog.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      dialog.close();
    },
    { signal },
  );
  dialog.addEventListener('close', () => closing.abort(), { signal });
  dialog.show();
}
