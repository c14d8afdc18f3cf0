import type { ConsoleState } from '@livelet/operator/page-protocol';
import { localizer } from './page-context.js';
import { CAPABILITY_NAME, GRANT_STATE, type STRINGS } from './strings.js';

/** What to tell people who can't see the page when the state goes from `before` to `now`; undefined: nothing new. */
export function announcement(
  before: ConsoleState | undefined,
  now: ConsoleState,
  strings: (typeof STRINGS)['en'],
): string | undefined {
  if (now.view === 'session' && before?.view === 'session') {
    const changed = now.connection.state !== before.connection.state;
    if (changed)
      return now.connection.state === 'reconnecting' ? strings.reconnectingSpoken : strings.reconnected;
    return (
      now.grants
        .filter(
          ({ capability, state }) =>
            before.grants.find((old) => old.capability === capability)?.state !== state,
        )
        .map(
          ({ capability, state }) =>
            `${localizer.text(CAPABILITY_NAME[capability])}: ${localizer.text(GRANT_STATE[state])}`,
        )
        .join('. ') || undefined
    );
  }
  if (before?.view === now.view) return undefined;
  switch (now.view) {
    case 'home':
      // A notice is an alert of its own.
      return undefined;
    case 'getting-code':
      return strings.gettingCode;
    case 'waiting':
      return `${strings.waiting}. ${strings.codeIs(spoken(now.code))}`;
    case 'connecting':
      return strings.connecting;
    case 'session':
      return `${strings.connectedTo(now.peer.name)}. ${strings.compareWords}: ${now.sasWords.join(', ')}`;
    case 'ended':
      return strings.endedTitle(now.receipt.peer.name);
  }
}

/** Digits one by one, else a screen reader says hundreds. */
function spoken(code: string): string {
  return code.replace(/ /g, ', ').replace(/(\d)(?=\d)/g, '$1 ');
}
