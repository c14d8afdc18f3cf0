import type { PanelBrowser, PanelPage } from '@livelet/compliance/panel-page';
import type { JsonValue } from '@livelet/core';
import type { DeskState, DeskToPage, TransferShown } from '../src/page-protocol.js';

export const COURIER = new URL('../site/courier-panel.js', import.meta.url);
export const DEPOT = new URL('../site/depot-panel.js', import.meta.url);

export const STATE: DeskState = {
  maySend: true,
  mayTake: true,
  peerName: 'Anna',
  folder: '/home/anna/Downloads/Livelet',
  offers: [{ id: 'o1', name: 'safe\u202egpj.exe', items: 1, bytes: 12_345 }],
  transfers: [],
  canShow: false,
};
export const TRANSFER: TransferShown = {
  id: 7,
  way: 'out',
  title: 'film.mp4',
  state: 'running',
  paused: 'no',
  items: 3,
  itemsDone: 2,
  kept: 1,
  skipped: 0,
  bytes: 4_000_000,
  bytesDone: 1_000_000,
  rate: 500_000,
  secondsLeft: 6,
  failed: [{ name: 'a.txt', reason: 'file-disk-full' }],
  failedCount: 1,
  canRetry: false,
};

export const tell = async (panel: PanelPage, message: DeskToPage): Promise<void> =>
  await panel.tell(message as unknown as JsonValue);
export const state = async (panel: PanelPage, more: Partial<DeskState> = {}): Promise<void> =>
  await tell(panel, { type: 'state', ...STATE, ...more });

/** A panel of this plugin with its first state. */
export async function openPanel(
  browser: PanelBrowser,
  module: URL,
  width = 360,
  locale: 'en' | 'it' = 'en',
): Promise<PanelPage> {
  const panel = await browser.open({ module, size: { width, height: 700 }, locale });
  await state(panel);
  return panel;
}

/** The posted message of a type, once it is there. */
export async function said<T = Record<string, unknown>>(
  panel: PanelPage,
  type: string,
): Promise<T & { bytes?: Uint8Array }> {
  await panel.until(`posted.some(({ json }) => json.type === '${type}')`);
  const found = (await panel.posted()).find(({ json }) => (json as { type?: string }).type === type);
  return { ...(found?.json as T), ...(found?.bytes ? { bytes: found.bytes } : {}) };
}
