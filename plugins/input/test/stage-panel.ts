import type { PanelBrowser, PanelPage } from '@livelet/compliance/panel-page';
import { STAGE_SHOWN_EVENT } from '@livelet/core';

/** A picture of 400 x 200 pixels shown at half its size; its display lies beside another one. */
export const STAGE_PANEL = {
  module: new URL('../site/keyboard-and-mouse.js', import.meta.url),
  slot: '<canvas data-livelet-stage data-origin-x="1000" data-origin-y="20" width="400" height="200"></canvas>',
  styles: `body { margin: 0 } .slot { display: grid; padding: 50px } .slot > * { grid-area: 1 / 1 }
canvas { width: 200px; height: 100px; background: gray }`,
};
/** Top left corner of the picture in the page. */
export const LEFT = 50;
export const CONTROL = { type: 'state', control: true, captured: false };

/** A stage with its picture, and control. */
export async function openStage(browser: PanelBrowser): Promise<PanelPage> {
  const panel = await browser.open(STAGE_PANEL);
  await showPicture(panel, true);
  await panel.tell(CONTROL);
  await panel.posted();
  return panel;
}

/** The same, with the keyboard put on it as a person does. */
export async function focusedStage(browser: PanelBrowser): Promise<PanelPage> {
  const panel = await openStage(browser);
  await panel.page.mouse.click(LEFT + 10, LEFT + 10);
  await panel.posted();
  return panel;
}

/** The canvas in the panel's slot shows a picture, or none any more, as the stage that it belongs to says. */
export async function showPicture({ page }: PanelPage, isShown: boolean): Promise<void> {
  const options = `{ detail: ${isShown}, bubbles: true, composed: true }`;
  await page.evaluate(
    `document.querySelector('canvas').dispatchEvent(new CustomEvent('${STAGE_SHOWN_EVENT}', ${options}))`,
  );
}
