import type { CourierElement } from './courier-panel.js';

/** Files may be dropped anywhere in the window, on the stage as well as here: it is the same thing that is meant. */
export function takeDrops(element: CourierElement): Disposable {
  const window = element.ownerDocument.defaultView;
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    // Without this the browser would open the file in the place of the page.
    event.preventDefault();
    element.over = element.state.maySend;
    if (event.dataTransfer) event.dataTransfer.dropEffect = element.state.maySend ? 'copy' : 'none';
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) element.over = false;
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    element.over = false;
    if (element.state.maySend && event.dataTransfer) void element.store?.drop(event.dataTransfer.items);
  };
  window?.addEventListener('dragover', over);
  window?.addEventListener('dragleave', leave);
  window?.addEventListener('drop', drop);
  return {
    [Symbol.dispose]() {
      window?.removeEventListener('dragover', over);
      window?.removeEventListener('dragleave', leave);
      window?.removeEventListener('drop', drop);
    },
  };
}
