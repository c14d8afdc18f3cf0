import { css } from 'lit';

export const panelStyles = css`
  :host {
    display: block;
    padding: 8px 12px;
    color: var(--ll-text, CanvasText);
  }
  :host([empty]) {
    padding: 0;
  }
  section {
    padding: 8px 0;
    border-bottom: 1px solid var(--ll-line, GrayText);
  }
  section:last-of-type {
    border-bottom: 0;
  }
  h3,
  p {
    margin: 0 0 8px;
    font-size: inherit;
    overflow-wrap: anywhere;
  }
  h3 {
    font-weight: var(--ll-weight-strong, 600);
  }
  .quiet {
    color: var(--ll-text-quiet, CanvasText);
  }
  .state {
    display: flex;
    gap: 8px;
    align-items: baseline;
  }
  .dot {
    flex: none;
    inline-size: 10px;
    block-size: 10px;
    border: 2px solid var(--ll-line-strong, GrayText);
    border-radius: 50%;
  }
  .on .dot {
    border-color: var(--ll-alarm, red);
    background: var(--ll-alarm, red);
  }
  .on {
    font-weight: var(--ll-weight-strong, 600);
  }
  meter {
    display: block;
    inline-size: 100%;
    block-size: 10px;
    margin-block-end: 8px;
  }
  button,
  select {
    font: inherit;
    color: inherit;
    box-sizing: border-box;
    min-block-size: var(--ll-control, 36px);
    padding: 0 12px;
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface-raised, ButtonFace);
  }
  button {
    cursor: pointer;
  }
  select {
    inline-size: 100%;
  }
  label {
    display: block;
    margin-block-end: 8px;
  }
  summary {
    min-block-size: 32px;
    cursor: pointer;
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
`;
