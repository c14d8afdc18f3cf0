import { css } from 'lit';

/** Of the menu, over the page's look. */
export const menuStyles = css`
  :is(.ll-stop, .stands) {
    gap: 6px;
    padding: 0 8px;
    white-space: nowrap;
    font-weight: var(--ll-weight-strong);
  }
  .stands {
    border: 1px dashed var(--ll-stop);
  }
  .dot {
    inline-size: 10px;
    block-size: 10px;
    border: 5px solid;
    border-radius: 50%;
  }
  .ll-icon-only .dot {
    outline: 2px solid;
    outline-offset: 2px;
  }
  .time {
    font-variant-numeric: tabular-nums;
  }
  [popover] {
    --ask-wrap: normal;
    inline-size: 340px;
  }
  [popover] button {
    margin-inline-end: 8px;
    margin-block-end: 8px;
  }
  label {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-block-end: 8px;
  }
  p {
    margin-block-end: 8px;
    overflow-wrap: anywhere;
  }
`;
