import type { JsonValue, PanelContext } from '@livelet/core/page';
import type { RecordedShown, RecordedToPage } from '../src/page-protocol.js';
import { type TextName, text } from './strings.js';

const STYLES = `
:host { display: block; padding: 8px 12px; overflow-wrap: anywhere; }
.badge { display: inline-block; margin-inline-end: 8px; padding: 0 8px; border-radius: var(--ll-radius);
  font-weight: var(--ll-weight-strong); color: var(--ll-on-stop); background: var(--ll-stop); }
.badge.paused { color: inherit; background: none; outline: 1px dashed var(--ll-stop); }
`;

/** In the customer's panel, in sight as long as it may be recorded: whether it is. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { root, port } = context;
  const page = root.ownerDocument;
  const host = page.createElement('div');
  const [line, badge, words, how] = [
    page.createElement('p'),
    page.createElement('span'),
    page.createElement('span'),
    page.createElement('p'),
  ];
  badge.className = 'badge';
  how.className = 'll-small ll-quiet-text';
  line.append(badge, words);
  let shown: RecordedToPage = { number: 0, state: 'off', sound: false, helper: '' };
  const draw = (): void => {
    const { state } = shown;
    badge.hidden = state === 'off';
    badge.classList.toggle('paused', state === 'paused');
    badge.textContent = text('rec', context.locale);
    words.textContent = text(wordsOf(shown), context.locale);
    how.hidden = state === 'off';
    how.textContent = text('howToEnd', context.locale);
    const mark = state === 'paused' ? 'markPaused' : 'mark';
    context.marks(state === 'off' ? [] : [text(mark, context.locale)]);
  };
  const shadow = host.attachShadow({ mode: 'open' });
  context.dress(shadow, STYLES);
  shadow.append(line, how);
  root.append(host);
  const resources = new DisposableStack();
  resources.defer(() => host.remove());
  resources.use(context.onLocale(draw));
  resources.use(
    port.onMessage(({ json }) => {
      const before = shown;
      shown = json as unknown as RecordedToPage;
      draw();
      if (before.state !== shown.state) context.announce(text(wordsOf(shown), context.locale));
      const answer: RecordedShown = { shown: shown.number };
      port.post({ json: answer as unknown as JsonValue });
    }),
  );
  draw();
  return resources;
}

function wordsOf({ state, sound }: RecordedToPage): TextName {
  if (state === 'off') return 'off';
  if (state === 'paused') return 'onPaused';
  return sound ? 'onWithSound' : 'on';
}
