import { css } from 'lit';

/** What the camera's pieces have in common, over the page's look. */
export const cameraStyles = css`
  :host {
    overflow-wrap: anywhere;
  }
  .stack {
    display: grid;
    justify-items: start;
    gap: 8px;
  }
  label {
    display: grid;
    gap: 4px;
    max-inline-size: 100%;
  }
  video,
  canvas {
    display: block;
    inline-size: 100%;
    border-radius: var(--ll-radius);
    background: #000;
  }
  video {
    max-inline-size: 160px;
    /* As in a mirror, which is how people know themselves. */
    transform: scaleX(-1);
  }
`;
