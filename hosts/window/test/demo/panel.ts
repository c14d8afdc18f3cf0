import type { PanelContext } from '@livelet/core/page';
import { css, html, LitElement, type TemplateResult } from 'lit';

class DemoPanel extends LitElement {
  static override properties = { text: { type: String } };
  static override styles = css`
    p {
      color: rgb(1, 2, 3);
    }
  `;
  declare text: string;

  override render(): TemplateResult {
    return html`<p>${this.text}</p>`;
  }
}
customElements.define('demo-panel', DemoPanel);

/** A panel that shows what its other half says. */
export function mount({ root, port, announce, dress }: PanelContext<HTMLElement>): Disposable {
  const showColor = async (panel: DemoPanel): Promise<void> => {
    await panel.updateComplete;
    const text = panel.shadowRoot?.querySelector('p');
    const own = panel.ownerDocument === document ? 'page' : 'panel';
    const { color = 'none', marginTop = 'none' } = text ? getComputedStyle(text) : {};
    port.post({ json: { color, margin: marginTop, window: own } });
  };
  const subscription = port.onMessage(({ json }) => {
    const panel = document.createElement('demo-panel') as DemoPanel;
    panel.text = String(json);
    root.replaceChildren(panel);
    dress(panel.renderRoot);
    void showColor(panel);
    announce(String(json));
  });
  port.post({ json: 'mounted' });
  return subscription;
}
