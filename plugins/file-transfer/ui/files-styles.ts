import { css } from 'lit';

/** Of both panels, over the page's look. */
export const filesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: var(--ll-space-2);
    padding: var(--ll-space-2);
    overflow-wrap: anywhere;
  }
  ul {
    padding: 0;
    list-style: none;
  }
  section,
  .transfers,
  .transfer,
  .question {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .transfer,
  .question,
  .pane {
    padding: 8px 12px;
    border: 1px solid var(--ll-line);
    border-radius: var(--ll-radius);
    background: var(--ll-surface);
  }
  .question {
    border: 2px solid var(--ll-accent);
  }
  .name,
  .path {
    font-weight: 600;
  }
  .about,
  .way {
    font-size: var(--ll-size-small);
    color: var(--ll-text-quiet);
  }
  progress {
    inline-size: 100%;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .buttons:not(:has(*)) {
    display: none;
  }
  .check,
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 32px;
  }
  .line .grow {
    flex: 1;
    min-inline-size: 0;
  }
  .room {
    container-type: inline-size;
  }
  .panes {
    display: grid;
    gap: 8px;
  }
  /* Beside each other as soon as a name and its size have room in each. */
  @container (min-width: 20em) {
    .panes {
      grid-template-columns: 1fr 1fr;
    }
    .pane {
      padding: 8px;
    }
    .pane .line {
      flex-wrap: wrap;
      gap: 0 8px;
    }
  }
  .pane ul {
    max-block-size: 18em;
    overflow-y: auto;
  }
  button.link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--ll-accent);
    justify-content: start;
    text-align: start;
    text-decoration: underline;
  }
  .hidden-input {
    display: none;
  }
`;
