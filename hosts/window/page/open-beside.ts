/**
 * Opens `dialog` beside what the page shows: all of it goes on working, so that what stops a session stays in sight and
 * in reach. Where it stands is the page's to say, with `--ll-beside-top`. Esc in it closes it, and where
 * nothing has the focus: what had it, such as a button that was pressed, may be gone.
 */
export function openBeside(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const closing = new AbortController();
  const { signal } = closing;
  const { body } = dialog.ownerDocument;
  body.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target !== body && !event.composedPath().includes(dialog)) return;
      event.preventDefault();
      dialog.close();
    },
    { signal },
  );
  dialog.addEventListener('close', () => closing.abort(), { signal });
  dialog.show();
}
