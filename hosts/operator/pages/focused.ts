/** What has the keyboard, through all shadow roots; undefined: nothing of the page. */
export function focused(): HTMLElement | undefined {
  let { activeElement } = document;
  while (activeElement?.shadowRoot?.activeElement) activeElement = activeElement.shadowRoot.activeElement;
  return activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : undefined;
}
