import type { PanelContext } from '@livelet/core/page';
import type { HalfToMark } from '../src/page-protocol.js';
import { trackTexts } from './strings.js';

const STYLES = `
:host { display: inline-flex; align-items: center; gap: 6px; color: var(--ll-text, CanvasText); }
:host([hidden]) { display: none; }
.dot { inline-size: 10px; block-size: 10px; border-radius: 50%; background: var(--ll-stop, red); }
.title { font-size: var(--ll-size-small, 0.875em); white-space: nowrap; }
`;

/** In the operator's toolbar: which sound is open, whatever else is in front. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { root } = context;
  const page = root.ownerDocument;
  const mark = page.createElement('div');
  const [dot, title] = [page.createElement('span'), page.createElement('span')];
  dot.className = 'dot';
  title.className = 'title';
  mark.className = 'livelet-sound-mark';
  mark.hidden = true;
  const shadow = mark.attachShadow({ mode: 'open' });
  const sheet = new (page.defaultView ?? window).CSSStyleSheet();
  sheet.replaceSync(STYLES);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(dot, title);
  root.append(mark);
  let shown: HalfToMark | undefined;
  const draw = (): void => {
    mark.hidden = shown?.live !== true;
    if (!shown) return;
    const texts = trackTexts(shown.role, shown.track);
    title.textContent = texts.title[context.locale];
    mark.title = texts.on[context.locale];
    mark.dataset.track = shown.track;
  };
  const resources = new DisposableStack();
  resources.defer(() => mark.remove());
  resources.use(context.onLocale(draw));
  resources.use(
    context.port.onMessage(({ json }) => {
      shown = json as unknown as HalfToMark;
      draw();
    }),
  );
  return resources;
}
