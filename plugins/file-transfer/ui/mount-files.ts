import type { JsonValue, PanelContext } from '@livelet/core/page';
import type { DeskToPage } from '../src/page-protocol.js';
import type { FilesElement } from './files-element.js';
import { PageStore } from './page-store.js';
import { problemText, text } from './strings.js';

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
  element.say = (message) => port.post({ json: message as unknown as JsonValue });
  resources.use(
    onLocale((chosen) => {
      element.locale = chosen;
    }),
  );
  const known = new Map<number, string>();
  resources.use(
    port.onMessage(({ json }) => {
      const message = json as unknown as DeskToPage;
      if (message.type === 'request') void store.answer(message);
      else if (message.type === 'refused') element.problem = problemText(message.error, element.locale);
      else if (message.type === 'state') {
        element.state = message;
        for (const { id, state, title, way } of message.transfers) {
          const before = known.get(id);
          known.set(id, state);
          if (before === state || (before === undefined && state !== 'running')) continue;
          const direction = text(way === 'in' ? 'incoming' : 'outgoing', element.locale);
          if (state === 'running') announce(`${direction}: ${title}`);
          else if (state !== 'waiting') announce(`${text(state, element.locale)}: ${title}`);
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
