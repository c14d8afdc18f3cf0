import { css } from 'lit';

export const reportStyles = css`
  :host {
    display: grid;
    gap: var(--ll-space-2, 16px);
    color: var(--ll-text, CanvasText);
  }
  p {
    margin: 0;
  }
  .quiet {
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-text-quiet, CanvasText);
  }
  .notice {
    padding: 8px 12px;
    border-inline-start: 4px solid var(--ll-accent, Highlight);
    background: var(--ll-accent-soft, Canvas);
  }
  .item {
    display: grid;
    gap: 6px;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .head,
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .head label {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 600;
  }
  .head .quiet {
    margin-inline-start: auto;
  }
  input[type='checkbox'] {
    inline-size: 1.2em;
    block-size: 1.2em;
    margin: 0;
    accent-color: var(--ll-accent, Highlight);
  }
  textarea {
    box-sizing: border-box;
    inline-size: 100%;
    block-size: 7em;
    resize: vertical;
    padding: 8px;
    font: inherit;
    color: inherit;
    background: var(--ll-surface, Field);
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
  }
  textarea.exact {
    font-family: var(--ll-font-mono, monospace);
    font-size: var(--ll-size-small, 0.875em);
    white-space: pre;
    overflow: auto;
  }
  .out textarea {
    text-decoration: line-through;
  }
  img {
    max-inline-size: 100%;
    max-block-size: 20em;
    justify-self: start;
    border: 1px solid var(--ll-line, GrayText);
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
  button.primary {
    background: var(--ll-accent, ButtonFace);
    border-color: var(--ll-accent, GrayText);
    color: var(--ll-on-accent, ButtonText);
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  progress {
    inline-size: 100%;
    accent-color: var(--ll-accent, Highlight);
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
`;
