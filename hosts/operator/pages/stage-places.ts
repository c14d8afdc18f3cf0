/** Tells dialogs and small windows, which stand above the page, what of it they may cover. Disposing forgets it. */
export function tellPlaces(middle: Element, stage: Element): Disposable {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => {
    // Dialogs stand below the toolbar, with End, and what is said of open devices.
    const { top } = middle.getBoundingClientRect();
    style.setProperty('--ll-beside-top', `${Math.ceil(top) + 8}px`);
    // Small windows stand over the stage alone.
    const { left, right, bottom } = stage.getBoundingClientRect();
    const insets = [top, innerWidth - right, innerHeight - bottom, left];
    style.setProperty('--ll-stage-inset', insets.map((inset) => `${Math.max(0, inset)}px`).join(' '));
  });
  observer.observe(middle);
  observer.observe(stage);
  return {
    [Symbol.dispose]() {
      observer.disconnect();
      style.removeProperty('--ll-beside-top');
      style.removeProperty('--ll-stage-inset');
    },
  };
}
