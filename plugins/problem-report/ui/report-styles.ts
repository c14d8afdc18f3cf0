import { css } from 'lit';

/** Over the page's look. */
export const reportStyles = css`
  :host {
    display: grid;
    gap: var(--ll-space-2);
  }
  .item {
    display: grid;
    gap: 6px;
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
    font-weight: var(--ll-weight-strong);
  }
  .size {
    margin-inline-start: auto;
  }
  input[type='checkbox'] {
    margin: 0;
  }
  textarea {
    inline-size: 100%;
    block-size: 7em;
    padding: 8px;
  }
  textarea.exact {
    font-family: var(--ll-font-mono);
    font-size: var(--ll-size-small);
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
    border: 1px solid var(--ll-line);
  }
  progress {
    inline-size: 100%;
  }
`;
