import { baseStyles } from '@livelet/window/page';
import { type CSSResultOrNative, css } from 'lit';

/** What every element of this page shares, on top of the toolkit's look. */
export const shared: CSSResultOrNative[] = [
  baseStyles,
  css`
    :host {
      display: block;
      overflow-wrap: break-word;
    }
    h2 {
      font-size: var(--ll-size-large);
    }
    form {
      display: flex;
      flex-wrap: wrap;
      align-items: end;
      gap: var(--ll-space-2);
    }
    label {
      display: grid;
      gap: 4px;
      min-width: 0;
    }
    /* The toolkit dresses text fields; dates look the same. */
    input[type='date'] {
      min-block-size: var(--ll-control);
      padding: var(--ll-space-half) var(--ll-space-1);
      border: 1px solid var(--ll-line-strong);
      border-radius: var(--ll-radius);
      background: var(--ll-surface);
      max-inline-size: 100%;
    }
    .wide {
      flex: 1 1 18em;
    }
    .mono {
      font-family: var(--ll-font-mono);
      font-size: var(--ll-size-small);
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--ll-space-1) var(--ll-space-2);
    }
    button.small {
      min-block-size: 32px;
      padding: 0 10px;
      font-size: var(--ll-size-small);
    }
  `,
];
