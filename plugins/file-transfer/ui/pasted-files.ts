/**
 * Files that were copied elsewhere may be pasted anywhere in the window of `element`; no browser asks for that. What was
 * pasted is marked as taken (`defaultPrevented`) before anything else in the page hears of it.
 * @param take called while the event is handled, as its items are there no longer; once for a key that is held
 */
export function takePastes(element: Element, take: (items: DataTransferItemList) => void): Disposable {
  const window = element.ownerDocument.defaultView;
  const listening = new AbortController();
  const options = { signal: listening.signal, capture: true };
  let isHeld = false;
  let isMiddle = false;
  const press = ({ repeat }: KeyboardEvent): void => {
    isHeld = repeat;
  };
  // The middle button pastes what was marked last on an X display, and presses elsewhere: nobody copied that.
  const release = ({ button }: MouseEvent): void => {
    isMiddle = button === 1;
    setTimeout(() => {
      isMiddle = false;
    });
  };
  const paste = (event: ClipboardEvent): void => {
    const { items } = event.clipboardData ?? {};
    if (!items || ![...items].some(isFile)) return;
    event.preventDefault();
    if (!isHeld && !isMiddle) take(items);
  };
  window?.addEventListener('keydown', press, options);
  window?.addEventListener('mouseup', release, options);
  window?.addEventListener('paste', paste, options);
  return { [Symbol.dispose]: () => listening.abort() };
}

/** A copied picture is no file: it has no place on a disk. */
function isFile(item: DataTransferItem): boolean {
  return item.webkitGetAsEntry() !== null;
}
