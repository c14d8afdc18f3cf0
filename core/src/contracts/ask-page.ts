/** Pages: how a plugin's piece asks for what it needs. */

/**
 * Asks the page around to ask the other person for a capability; the detail is the Capability. Sent by a piece of the
 * operator's page, bubbling and composed. What becomes of it is told by the grants, and by the page where it is refused.
 */
export const CAPABILITY_ASK_EVENT = 'livelet-capability-ask';
