import type { JsonValue, PanelContext } from '@livelet/core/page';
import type { HostToTheir, TheirToHost } from '../src/page-protocol.js';
import { CameraPicture } from './camera-picture.js';
import { text } from './strings.js';

const STYLES = `
.shown { display: grid; gap: 8px; justify-items: start; padding-block: 8px; }
p { font-weight: var(--ll-weight-strong); overflow-wrap: anywhere; }
p:focus { outline: none; }
canvas { display: block; inline-size: min(100%, 20rem); border-radius: var(--ll-radius); background: #000; }
`;

/** In the customer's panel: the helper's camera, as long as it is shown, with the button that closes it. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { root, port } = context;
  // The panel may be a window of its own.
  const page = root.ownerDocument;
  const host = page.createElement('div');
  const shadow = host.attachShadow({ mode: 'open' });
  context.dress(shadow, STYLES);
  const shown = page.createElement('div');
  shown.className = 'shown';
  const told = page.createElement('p');
  told.tabIndex = -1;
  const button = page.createElement('button');
  button.type = 'button';
  const resources = new DisposableStack();
  const picture = resources.use(new CameraPicture(page, port));
  shown.append(told, picture.canvas, button);
  shadow.append(shown);
  root.append(host);
  resources.defer(() => host.remove());
  let isShown = false;
  let focused = false;

  const render = (): void => {
    shown.hidden = !isShown && !focused;
    for (const part of [button, picture.canvas]) part.hidden = !isShown;
    told.textContent = isShown ? text('theirsHelper', context.locale) : '';
    picture.canvas.ariaLabel = text('pictureHelper', context.locale);
    button.textContent = text('close', context.locale);
    context.marks(isShown ? [text('theirsMark', context.locale)] : []);
  };
  button.addEventListener('click', () => {
    const message: TheirToHost = { type: 'close' };
    port.post({ json: message as unknown as JsonValue });
  });
  resources.use(context.onLocale(render));
  resources.use(
    port.onMessage(({ json, bytes }) => {
      const message = json as unknown as HostToTheir;
      if (message.type === 'frame') {
        if (bytes) picture.take(message, bytes);
        return;
      }
      const before = isShown;
      isShown = message.state === 'shown';
      // The button is gone from under the keyboard: it goes on where the text was.
      focused = !isShown && shadow.activeElement === button;
      render();
      if (focused) told.focus();
      if (isShown && !before) context.announce(text('theirsHelper', context.locale));
      if (!isShown) picture.clear();
    }),
  );
  render();
  return resources;
}
