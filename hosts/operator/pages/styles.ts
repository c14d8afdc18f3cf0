import { baseStyles } from '@livelet/window/page';
import { type CSSResultOrNative, css } from 'lit';

/** What every element of this page shares, on top of the toolkit's look. */
export const shared: CSSResultOrNative[] = [
  baseStyles,
  css`
    :host {
      display: block;
      /* The document's "anywhere" would let a flex row squeeze a word to one letter a line. */
      overflow-wrap: break-word;
    }
    ol,
    ul {
      list-style: none;
      padding: 0;
    }
    h2 {
      font-size: 1em;
      font-weight: var(--ll-weight-strong);
    }
    /* Disabled things keep their contrast: their words are a state that people read. */
    button[aria-disabled='true'] {
      opacity: 1;
      color: var(--ll-text-quiet);
      background: transparent;
      border-style: dashed;
    }
    .mono {
      text-wrap: balance;
      font-family: var(--ll-font-mono);
    }
    .numbers {
      font-variant-numeric: tabular-nums;
    }
    .nowrap {
      white-space: nowrap;
    }
    kbd {
      font-family: var(--ll-font-mono);
      font-size: 0.75em;
      line-height: 1;
      padding: 3px 6px;
      border: 1px solid var(--ll-line);
      border-bottom-width: 2px;
      border-radius: 5px;
      color: var(--ll-text-quiet);
      background: var(--ll-ground);
    }
    .ll-primary kbd {
      color: inherit;
      background: none;
      border-color: currentColor;
    }
    .words {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: var(--ll-space-1);
    }
    .words li {
      padding: 12px var(--ll-space-1);
      text-align: center;
      font-weight: var(--ll-weight-strong);
      background: var(--ll-accent-soft);
      border-radius: var(--ll-radius);
    }
  `,
];
