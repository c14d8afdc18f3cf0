import { css } from 'lit';

export const menuStyles = css`
  :host {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    color: var(--ll-text, CanvasText);
  }
  button {
    font: inherit;
    color: inherit;
    min-block-size: var(--ll-control, 36px);
    padding: 0 12px;
    border: 1px solid transparent;
    border-radius: var(--ll-radius, 8px);
    background: transparent;
    cursor: pointer;
  }
  button:hover {
    background: var(--ll-accent-soft, ButtonFace);
  }
  .tool {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    inline-size: calc(var(--ll-control, 36px) + 2px);
    padding: 0;
  }
  svg {
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .place,
  [popover] button {
    border-color: var(--ll-line-strong, GrayText);
    background: var(--ll-surface-raised, ButtonFace);
  }
  .dot {
    position: absolute;
    inset: 2px 2px auto auto;
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--ll-accent, Highlight);
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
  [popover] {
    position-area: bottom span-right;
    position-try-fallbacks: flip-inline;
    box-sizing: border-box;
    inline-size: min(320px, 100vw - 16px);
    margin: 4px 0;
    padding: 12px;
    border: 1px solid var(--ll-line, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface-raised, Canvas);
    color: var(--ll-text, CanvasText);
    box-shadow: var(--ll-shadow, none);
  }
  p {
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  .quiet {
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-text-quiet, CanvasText);
  }
  input {
    box-sizing: border-box;
    inline-size: 100%;
    min-block-size: var(--ll-control, 36px);
    margin-block-end: 8px;
    padding: 0 8px;
    font: inherit;
    color: inherit;
    background: var(--ll-surface, Field);
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
  }
`;
