import { css } from 'lit';

/** Over the page's look. */
export const copiedFilesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    padding: 8px 12px;
    overflow-wrap: anywhere;
    /* Clear of what the page keeps at its edges. */
    scroll-margin: 8rem;
  }
  :host([hidden]) {
    display: none;
  }
  bdi {
    font-weight: 600;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
`;
