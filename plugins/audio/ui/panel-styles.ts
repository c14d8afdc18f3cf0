import { css } from 'lit';

/** Over the page's look. */
export const panelStyles = css`
  :host {
    display: block;
    padding: 8px var(--ll-space-2);
    overflow-wrap: anywhere;
  }
  :host([empty]) {
    padding: 0;
  }
  section {
    padding: 8px 0;
    border-bottom: 1px solid var(--ll-line);
  }
  section:last-of-type {
    border-bottom: 0;
  }
  h3,
  p {
    margin-block-end: 8px;
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
    border: 2px solid var(--ll-line-strong);
    border-radius: 50%;
  }
  .on {
    font-weight: var(--ll-weight-strong);
  }
  /* All border: a system's own colours take backgrounds away. */
  .on .dot {
    border: 5px solid var(--ll-alarm);
  }
  meter {
    display: block;
    inline-size: 100%;
    block-size: 10px;
    margin-block-end: 8px;
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
`;
