import type { JsonValue, PanelContext } from '@livelet/core/page';
import type { DeskToPanel, PanelToDesk } from '../src/page-protocol.js';
import { ReportElement } from './report-element.js';
import { plainText, text } from './strings.js';
import { windowFacts } from './window-facts.js';

/** Shows what a report would hold, from the moment that the host puts the panel up until it takes it away. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { port, root } = context;
  const element = new ReportElement();
  element.locale = context.locale;
  const say = (message: PanelToDesk): void => port.post({ json: message as unknown as JsonValue });
  const announce = (): void => {
    if (element.outcome !== undefined) context.announce(text(element.outcome, context.locale));
  };
  element.send = (items) => say({ type: 'send', items });
  element.cancel = () => say({ type: 'cancel' });
  element.discard = () => say({ type: 'discard' });
  element.save = (items) => {
    if (element.canSeal) return say({ type: 'seal', items });
    saveFile('txt', new Blob([plainText(items, context.locale)], { type: 'text/plain' }));
    element.outcome = 'savedText';
    announce();
  };
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      element.locale = locale;
    }),
  );
  resources.use(
    port.onMessage(({ json, bytes }) => {
      if (bytes) saveFile('sealed', new Blob([Uint8Array.from(bytes)]));
      hear(element, json as unknown as DeskToPanel);
      announce();
    }),
  );
  root.append(element);
  context.dress(element.renderRoot);
  resources.defer(() => element.remove());
  say({ type: 'gather' });
  return resources;
}

function hear(element: ReportElement, message: DeskToPanel): void {
  switch (message.type) {
    case 'gathered':
      element.relay = message.relay;
      element.canSeal = message.canSeal;
      element.waiting = message.waiting;
      element.show([...message.items, { id: 'window', text: windowFacts() }]);
      return;
    case 'sending':
      element.sending = true;
      element.progress = message.part;
      return;
    case 'done':
      element.finish(message.how);
      return;
    case 'sealed':
      element.outcome = 'saved';
      return;
    case 'cancelled':
      element.fail('cancelled');
      return;
    case 'discarded':
      element.waiting = 0;
      element.outcome = 'discarded';
      return;
    case 'failed':
      element.fail(message.error === 'storage-full' ? 'full' : 'failed');
  }
}

function saveFile(ending: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  // To the second, in UTC: each that is saved on one day has a name of its own.
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  link.download = `livelet-report-${time}.${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
