import type { PanelContext } from '@livelet/core/page';
import type { LastCopied, SharerToPage } from '../src/page-protocol.js';
import { lastText, refusalText, type TextName, text } from './strings.js';

const STYLES = ':host { display: block; padding: 8px 12px; overflow-wrap: anywhere; }';

/** In the customer's panel: that a direction is shared, and kind and size of the last thing. */
export function mountLastPanel(context: PanelContext<HTMLElement>, about: TextName): Disposable {
  const { root } = context;
  const page = root.ownerDocument;
  const host = page.createElement('div');
  const [what, last] = [page.createElement('p'), page.createElement('p')];
  last.className = 'll-small ll-quiet-text';
  let shown: LastCopied | undefined;
  const draw = (): void => {
    what.textContent = text(about, context.locale);
    last.textContent = lastText(shown, context.locale);
  };
  const shadow = host.attachShadow({ mode: 'open' });
  context.dress(shadow, STYLES);
  shadow.append(what, last);
  root.append(host);
  const resources = new DisposableStack();
  resources.defer(() => host.remove());
  resources.use(context.onLocale(draw));
  resources.use(
    context.port.onMessage(({ json }) => {
      shown = (json as unknown as SharerToPage).last;
      draw();
      if (shown?.refusal !== undefined) context.announce(refusalText(shown.refusal, context.locale));
    }),
  );
  draw();
  return resources;
}
