import { css } from 'lit';

/** What the demo's panels have in common. */
export const demoStyles = css`
  :host {
    display: block;
    color: var(--ll-text, CanvasText);
  }
  :host([hidden]) {
    display: none;
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  button,
  select {
    box-sizing: border-box;
    font: inherit;
    color: inherit;
    max-inline-size: 100%;
    min-block-size: var(--ll-control, 36px);
    padding: 0 12px;
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface-raised, ButtonFace);
  }
  button {
    cursor: pointer;
  }
  button:hover {
    background: var(--ll-accent-soft, ButtonFace);
  }
  button:disabled {
    cursor: default;
    opacity: 0.6;
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
  .quiet {
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-text-quiet, CanvasText);
  }
  .mark {
    font-weight: var(--ll-weight-strong, 600);
  }
  .mark::before {
    content: '';
    display: inline-block;
    inline-size: 0.7em;
    block-size: 0.7em;
    margin-inline-end: 0.5em;
    border-radius: 50%;
    background: var(--ll-alarm, currentColor);
  }
`;
