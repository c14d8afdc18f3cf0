import { css } from 'lit';

export const menuStyles = css`
  :host {
    display: inline-flex;
    align-items: center;
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
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover {
    background: var(--ll-accent-soft, ButtonFace);
  }
  .tool {
    inline-size: calc(var(--ll-control, 36px) + 2px);
    padding: 0;
  }
  .runs,
  .runs:hover {
    color: var(--ll-on-stop, #fff);
    background: var(--ll-stop, #c2261d);
    font-weight: 600;
  }
  .stands {
    border: 1px dashed var(--ll-stop, #c2261d);
  }
  .tool .dot {
    outline: 2px solid currentColor;
    outline-offset: 2px;
  }
  :is(.runs, .stands) {
    padding: 0 8px;
  }
  :is(.runs, .stands) .dot {
    margin-inline-end: 6px;
  }
  .time {
    font-variant-numeric: tabular-nums;
  }
  .dot {
    display: inline-block;
    inline-size: 10px;
    block-size: 10px;
    border-radius: 50%;
    background: currentColor;
  }
  [popover] {
    position-area: bottom span-right;
    position-try-fallbacks: flip-inline;
    box-sizing: border-box;
    inline-size: min(340px, 100vw - 16px);
    margin: 4px 0;
    padding: 12px;
    border: 1px solid var(--ll-line, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface-raised, Canvas);
    color: var(--ll-text, CanvasText);
    box-shadow: var(--ll-shadow, none);
  }
  [popover] button {
    margin-inline-end: 8px;
    margin-block-end: 8px;
    border-color: var(--ll-line-strong, GrayText);
    background: var(--ll-surface-raised, ButtonFace);
  }
  label {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-block-end: 8px;
  }
  p {
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  .quiet {
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-text-quiet, CanvasText);
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
`;
