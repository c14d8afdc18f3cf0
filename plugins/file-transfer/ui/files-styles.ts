import { css } from 'lit';

export const filesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: var(--ll-space-2, 16px);
    color: var(--ll-text, CanvasText);
    overflow-wrap: anywhere;
  }
  :host([hidden]) {
    display: none;
  }
  p,
  ul,
  h3 {
    margin: 0;
    padding: 0;
  }
  h3 {
    font-size: 1em;
  }
  ul {
    list-style: none;
  }
  section,
  .transfers,
  .transfer,
  .question {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .transfer,
  .question,
  .pane {
    padding: 8px 12px;
    border: 1px solid var(--ll-line, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface, Canvas);
  }
  .question {
    border: 2px solid var(--ll-accent, Highlight);
  }
  .name,
  .path {
    font-weight: 600;
  }
  .about,
  .way {
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-text-quiet, CanvasText);
  }
  progress {
    inline-size: 100%;
    accent-color: var(--ll-accent, Highlight);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .buttons:not(:has(*)) {
    display: none;
  }
  .check,
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 32px;
  }
  .line .grow {
    flex: 1;
    min-inline-size: 0;
  }
  .panes {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 15em), 1fr));
    gap: 8px;
  }
  .pane ul {
    max-block-size: 18em;
    overflow-y: auto;
  }
  button {
    font: inherit;
    color: inherit;
    min-block-size: var(--ll-control, 36px);
    padding: 0 12px;
    background: var(--ll-surface-raised, ButtonFace);
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
    cursor: pointer;
  }
  button.link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--ll-accent, LinkText);
    text-align: start;
    text-decoration: underline;
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
  .hidden-input {
    display: none;
  }
  .drop {
    padding: var(--ll-space-2, 16px);
    border: 2px dashed var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
    text-align: center;
  }
  .drop.over {
    border-color: var(--ll-accent, Highlight);
    background: var(--ll-accent-soft, Canvas);
  }
`;
