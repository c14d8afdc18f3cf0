import { css } from 'lit';

/** Over the page's look. */
export const chatStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    block-size: 100%;
    min-block-size: 0;
    padding: var(--ll-space-1);
  }
  .log {
    flex: 1;
    min-block-size: 4em;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: 8px;
    padding: 0;
    list-style: none;
  }
  .message {
    max-inline-size: 90%;
    padding: 8px 12px;
    border: 1px solid var(--ll-line);
    border-radius: var(--ll-radius);
    background: var(--ll-surface);
  }
  .mine {
    align-self: flex-end;
    background: var(--ll-accent-soft);
  }
  .theirs {
    align-self: flex-start;
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .about,
  .left {
    font-size: var(--ll-size-small);
    color: var(--ll-text-quiet);
  }
  .about {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
  }
  .failed,
  .over {
    color: var(--ll-text);
    font-weight: var(--ll-weight-strong);
  }
  .unread {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: var(--ll-size-small);
    color: var(--ll-accent);
  }
  .unread::before,
  .unread::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid currentColor;
  }
  form {
    display: flex;
    align-items: flex-end;
    gap: 8px;
  }
  .left {
    text-align: end;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    field-sizing: content;
    max-block-size: 8em;
    resize: none;
    padding: 8px;
  }
  .about button {
    min-block-size: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--ll-accent);
    text-decoration: underline;
  }
`;
