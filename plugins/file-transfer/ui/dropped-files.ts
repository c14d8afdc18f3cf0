import type { CourierElement } from './courier-panel.js';
import { DropCue } from './drop-cue.js';
import { dropToText, text } from './strings.js';

/** Files may be dropped anywhere in the window, on the stage as well as here: it is the same thing that is meant. */
export function takeDrops(element: CourierElement): Disposable {
  const window = element.ownerDocument.defaultView;
  const cue = new DropCue();
  const hold = (over: boolean): void => {
    const { maySend, peerName } = element.state;
    if (!over) cue.hide();
    else cue.show(maySend ? dropToText(peerName, element.locale) : text('mayNotSend', element.locale));
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    // Without this the browser would open the file in the place of the page.
    event.preventDefault();
    hold(true);
    // Where it isn't allowed too: the browser tells of no drop that it was told is none.
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) hold(false);
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hold(false);
    element.toFront();
    if (!element.state.maySend) element.problem = text('askToSendDropped', element.locale);
    else if (event.dataTransfer) void element.store?.drop(event.dataTransfer.items);
  };
  window?.addEventListener('dragover', over);
  window?.addEventListener('dragleave', leave);
  window?.addEventListener('drop', drop);
  return {
    [Symbol.dispose]() {
      cue.remove();
      window?.removeEventListener('dragover', over);
      window?.removeEventListener('dragleave', leave);
      window?.removeEventListener('drop', drop);
    },
  };
}
