import type { PanelPage } from '@livelet/compliance/panel-page';
import { STAGE_SHOWN_EVENT } from '@livelet/core';

/** The canvas in the panel's slot shows a picture, or none any more, as the stage that it belongs to says. */
export async function showPicture({ page }: PanelPage, isShown: boolean): Promise<void> {
  const options = `{ detail: ${isShown}, bubbles: true, composed: true }`;
  await page.evaluate(
    `document.querySelector('canvas').dispatchEvent(new CustomEvent('${STAGE_SHOWN_EVENT}', ${options}))`,
  );
}
