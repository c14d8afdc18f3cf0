import type { PanelContext } from '@livelet/core/page';
import type { AudienceToPage, PageToAudience } from '../src/demo/demo-protocol.js';
import { text } from './demo/demo-strings.js';

/** Beside the customer's switches, as long as the helper shows their screen: that they do, and the button that closes it. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { root } = context;
  // The panel may be a window of its own.
  const page = root.ownerDocument;
  const notice = page.createElement('div');
  notice.className = 'll-notice stack';
  const told = page.createElement('p');
  told.tabIndex = -1;
  const button = page.createElement('button');
  button.type = 'button';
  notice.append(told, button);
  root.append(notice);
  let watching = false;
  let closed = false;

  const render = (): void => {
    root.hidden = !watching && !closed;
    button.hidden = !watching;
    told.textContent = text(watching ? 'watching' : 'closed', context.locale);
    button.textContent = text('close', context.locale);
    context.marks(watching ? [text('watchingMark', context.locale)] : []);
  };
  button.addEventListener('click', () => {
    const message: PageToAudience = { type: 'close' };
    context.port.post({ json: { ...message } });
  });
  render();

  const resources = new DisposableStack();
  resources.defer(() => notice.remove());
  resources.use(context.onLocale(render));
  resources.use(
    context.port.onMessage(({ json }) => {
      const before = watching;
      ({ watching } = json as unknown as AudienceToPage);
      // The button is gone from under the keyboard: it goes on where the text is.
      closed = before && !watching && page.activeElement === button;
      render();
      if (closed) told.focus();
    }),
  );
  return resources;
}
