import type { JsonValue, PanelContext } from '@livelet/core/page';
import type { DeskToPage } from '../src/page-protocol.js';
import type { FilesElement } from './files-element.js';
import { PageStore } from './page-store.js';
import { problemText } from './strings.js';
import { directionText, stateText, titleText } from './transfer-list.js';

/** Puts `element` into the slot and joins it with its half. */
export function mountFiles(
  { root, port, locale, onLocale, announce, dress }: PanelContext<HTMLElement>,
  element: FilesElement,
  hear: (message: DeskToPage) => void = () => undefined,
): DisposableStack {
  const resources = new DisposableStack();
  const store = new PageStore(port);
  element.locale = locale;
  element.store = store;
  element.announce = announce;
  element.say = (message) => port.post({ json: message as unknown as JsonValue });
  resources.use(
    onLocale((chosen) => {
      element.locale = chosen;
    }),
  );
  let waited: ReadonlyMap<string, string> = new Map();
  const known = new Map<number, string>();
  resources.use(
    port.onMessage(({ json }) => {
      const message = json as unknown as DeskToPage;
      if (message.type === 'request') void store.answer(message);
      else if (message.type === 'refused') element.problem = problemText(message.error, element.locale);
      else if (message.type === 'items')
        element.items = new Map(element.items).set(message.transfer, message.items);
      else if (message.type === 'state') {
        element.state = message;
        const waiting = element.waiting;
        for (const [name, words] of waiting) if (!waited.has(name)) announce(words);
        waited = waiting;
        for (const transfer of message.transfers) {
          const { id, state } = transfer;
          const before = known.get(id);
          known.set(id, state);
          if (before === state || (before === undefined && state !== 'running')) continue;
          const what = `${directionText(transfer, element.locale)}: ${titleText(transfer)}`;
          if (state === 'broken') announce(`${what}. ${stateText(transfer, element.locale, false)}`);
          else if (state !== 'waiting') announce(what);
        }
      }
      hear(message);
    }),
  );
  root.append(element);
  dress(element.renderRoot);
  resources.defer(() => element.remove());
  return resources;
}
