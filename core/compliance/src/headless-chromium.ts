import { existsSync } from 'node:fs';

const SHELL = '/usr/bin/chromium-headless-shell';
const CHROMIUM = '/usr/bin/chromium';

/**
 * The program for pages that nobody looks at: Chromium without its windows, menus and toolbar, where it is installed. A
 * page then takes a fifth of the processor's time. Not for what only the browser around a page has, such as small
 * windows that stay in front, or the choice of a screen to share.
 */
export function headlessChromium(): string {
  const { CHROMIUM_HEADLESS_SHELL, CHROMIUM: named = CHROMIUM } = process.env;
  return CHROMIUM_HEADLESS_SHELL ?? (existsSync(SHELL) ? SHELL : named);
}
