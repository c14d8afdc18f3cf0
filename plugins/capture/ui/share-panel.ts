import type { PanelContext } from '@livelet/core/page';
import type { ShareState, ShareToSource, SourceToShare } from '../src/web-display/web-capture-protocol.js';
import { CHOOSE, SHARE_TEXT } from './sharing/share-strings.js';

/** Asks the person to choose what to share, where only a browser can capture it, and says whether it does. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { root, port } = context;
  const page = root.ownerDocument;
  const notice = page.createElement('div');
  notice.className = 'll-notice stack';
  const text = page.createElement('p');
  const button = page.createElement('button');
  button.type = 'button';
  button.className = 'large';
  notice.append(text, button);
  root.append(notice);
  let state: ShareState = 'idle';

  const render = (): void => {
    root.hidden = state === 'idle';
    button.hidden = state !== 'asking';
    notice.dataset.state = state;
    text.textContent = state === 'idle' ? '' : SHARE_TEXT[state][context.locale];
    button.textContent = CHOOSE[context.locale];
  };
  button.addEventListener('click', () => {
    const message: ShareToSource = { type: 'choose' };
    port.post({ json: { ...message } });
  });
  render();

  const resources = new DisposableStack();
  resources.defer(() => notice.remove());
  resources.use(context.onLocale(render));
  resources.use(
    port.onMessage(({ json }) => {
      const before = state;
      ({ state } = json as unknown as SourceToShare);
      const focused = page.activeElement === button;
      render();
      if (state !== before && state !== 'idle') context.announce(SHARE_TEXT[state][context.locale]);
      // The button is gone from under the keyboard: it goes on where the text is.
      if (focused && button.hidden) {
        text.tabIndex = -1;
        text.focus();
      }
    }),
  );
  return resources;
}
