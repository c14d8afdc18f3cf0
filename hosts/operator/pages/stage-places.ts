/**
 * Tells dialogs and small windows, which stand above the page, what of it they may cover. Disposing forgets it.
 * @param line what is said of open devices, over the top of the stage; at times it isn't there
 */
export function tellPlaces(stage: Element, line: Element): Disposable {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => {
    const { left, right, top: edge, bottom } = stage.getBoundingClientRect();
    // Nothing stands over the toolbar, with End, nor over the line.
    const top = Math.max(edge, line.getBoundingClientRect().bottom);
    style.setProperty('--ll-beside-top', `${Math.ceil(top) + 8}px`);
    // Small windows stand over the stage alone.
    const insets = [top, innerWidth - right, innerHeight - bottom, left];
    style.setProperty('--ll-stage-inset', insets.map((inset) => `${Math.max(0, inset)}px`).join(' '));
  });
  observer.observe(stage);
  observer.observe(line);
  return {
    [Symbol.dispose]() {
      observer.disconnect();
      style.removeProperty('--ll-beside-top');
      style.removeProperty('--ll-stage-inset');
    },
  };
}
