/** Pages: what a plugin's piece in the side panel and the page around it ask of each other. */

/**
 * Asks the page around to bring this piece to where the person sees it, as something of theirs has just gone there. Sent
 * by a piece of the operator's side panel, bubbling and composed.
 */
export const PANEL_FRONT_EVENT = 'livelet-panel-front';

/** Tells the page around how much waits in this piece that nobody has seen. Bubbling and composed. */
export const PANEL_UNREAD_EVENT = 'livelet-panel-unread';
/** Detail of a PANEL_UNREAD_EVENT. */
export interface PanelUnread {
  readonly count: number;
}

/** Gives a piece the keyboard: sent to its root once it is seen, where the person asked for it by a shortcut. */
export const PANEL_KEYBOARD_EVENT = 'livelet-panel-keyboard';
