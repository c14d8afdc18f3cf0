import { css } from 'lit';

/** Of the menu, over the page's look. */
export const menuStyles = css`
  .tool {
    position: relative;
  }
  .dot {
    position: absolute;
    inset: 2px 2px auto auto;
    border: 4px solid var(--ll-accent);
    border-radius: 50%;
  }
  [popover] {
    inline-size: 320px;
  }
  p {
    margin-block-end: 8px;
    overflow-wrap: anywhere;
  }
  [popover] button {
    margin-block-end: 8px;
  }
  input {
    inline-size: 100%;
    margin-block-end: 8px;
  }
`;
