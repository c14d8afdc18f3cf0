import { css } from 'lit';

export const chatStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    block-size: 100%;
    min-block-size: 0;
    padding: var(--ll-space-1, 8px);
    color: var(--ll-text, CanvasText);
  }
  p,
  ol {
    margin: 0;
    padding: 0;
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
    list-style: none;
  }
  .message {
    max-inline-size: 90%;
    padding: 8px 12px;
    border: 1px solid var(--ll-line, GrayText);
    border-radius: var(--ll-radius, 8px);
    background: var(--ll-surface, Canvas);
  }
  .mine {
    align-self: flex-end;
    background: var(--ll-accent-soft, Canvas);
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
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-text-quiet, CanvasText);
  }
  .about {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
  }
  .failed,
  .over {
    color: var(--ll-text, CanvasText);
    font-weight: 600;
  }
  .unread {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: var(--ll-size-small, 0.875em);
    color: var(--ll-accent, LinkText);
  }
  .unread::before,
  .unread::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid currentColor;
  }
  .notice {
    padding: 8px 12px;
    border-inline-start: 4px solid var(--ll-accent, Highlight);
    background: var(--ll-accent-soft, Canvas);
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
    box-sizing: border-box;
    field-sizing: content;
    min-block-size: 2.75em;
    max-block-size: 8em;
    resize: none;
    padding: 8px;
    font: inherit;
    color: inherit;
    background: var(--ll-surface, Field);
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
  }
  button {
    font: inherit;
    color: inherit;
    min-block-size: var(--ll-control, 36px);
    padding: 0 12px;
    background: var(--ll-surface-raised, ButtonFace);
    border: 1px solid var(--ll-line-strong, GrayText);
    border-radius: var(--ll-radius, 8px);
    cursor: pointer;
  }
  .about button {
    min-block-size: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--ll-accent, LinkText);
    text-decoration: underline;
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  :focus-visible {
    outline: 3px solid var(--ll-focus, Highlight);
    outline-offset: 2px;
  }
  .hidden-label {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
`;
