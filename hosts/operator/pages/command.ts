import type { PageToHost } from '@livelet/operator/page-protocol';

/** Sends a command to the host by way of the app element, which has the port. */
export function sendCommand(from: HTMLElement, command: PageToHost): void {
  from.dispatchEvent(new CustomEvent('console-command', { detail: command, bubbles: true, composed: true }));
}

/** Opens the settings, which belong to the app element. */
export function showSettings(from: HTMLElement): void {
  from.dispatchEvent(new CustomEvent('show-settings', { bubbles: true, composed: true }));
}

/** Opens the plugins' help, which belongs to the app element. */
export function showHelp(from: HTMLElement): void {
  from.dispatchEvent(new CustomEvent('show-help', { bubbles: true, composed: true }));
}

/** Opens the list of shortcuts, which belongs to the app element. */
export function showShortcuts(from: HTMLElement): void {
  from.dispatchEvent(new CustomEvent('show-shortcuts', { bubbles: true, composed: true }));
}
