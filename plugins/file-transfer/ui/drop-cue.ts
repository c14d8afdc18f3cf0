import { css, html, LitElement, type TemplateResult } from 'lit';

/** Over the stage, whichever tab is open: what becomes of the files that are held over the window. */
export class DropCue extends LitElement {
  static override readonly properties = { words: { state: true } };
  static override readonly styles = css`
    :host {
      position: fixed;
      /* As large as the stage; nothing under it hears less of what is dragged over it. */
      inset: var(--ll-stage-inset, 0);
      inline-size: auto;
      block-size: auto;
      margin: 0;
      padding: 16px;
      border: 0;
      background: none;
      pointer-events: none;
    }
    :host(:popover-open) {
      display: grid;
      place-items: center;
    }
    p {
      margin: 0;
      padding: 16px 24px;
      border: 2px dashed var(--ll-accent);
      border-radius: var(--ll-radius);
      background: var(--ll-surface-raised);
      color: var(--ll-text);
      font: 600 1rem/1.4 var(--ll-font, sans-serif);
      overflow-wrap: anywhere;
    }
  `;
  declare words: string;

  constructor() {
    super();
    this.words = '';
    this.popover = 'manual';
  }

  override render(): TemplateResult {
    return html`<p>${this.words}</p>`;
  }

  show(words: string): void {
    this.words = words;
    if (this.isConnected) return;
    document.body.append(this);
    this.showPopover();
  }

  hide(): void {
    this.remove();
  }
}
customElements.define('livelet-drop-cue', DropCue);
