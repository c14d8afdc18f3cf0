/** The stage tells the menu, in the same page, that the person has come to the customer's screen or pastes there. */
export const LOOK_EVENT = 'livelet-clipboard-look';
