import { css } from 'lit';

/** What the camera's pieces have in common. */
export const cameraStyles = css`
  :host {
    color: var(--ll-text, CanvasText);
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  button,
  select {
    box-sizing: border-box;
    max-inline-size: 100%;
    min-block-size: var(--ll-control, 36px);
    padding: 0 12px;
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface-raised, ButtonFace);
    color: inherit;
    font: inherit;
  }
  button {
    cursor: pointer;
  }
  button:hover {
    background: var(--ll-accent-soft, ButtonFace);
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
  .stack {
    display: grid;
    justify-items: start;
    gap: 8px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  label {
    display: grid;
    gap: 4px;
    max-inline-size: 100%;
  }
  .mark {
    white-space: nowrap;
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
  video,
  canvas {
    display: block;
    inline-size: 100%;
    border-radius: var(--ll-radius, 8px);
    background: #000;
  }
  video {
    max-inline-size: 160px;
    /* As in a mirror, which is how people know themselves. */
    transform: scaleX(-1);
  }
`;
