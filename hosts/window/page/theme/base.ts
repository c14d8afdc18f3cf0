/**
 * What plain elements look like, in the document and in every shadow root that adopts it: buttons, fields, switches
 * (`<input type="checkbox" role="switch">`), dialogs. Plain elements come first; a component is for what they can't do.
 */
export const BASE = `
*, ::before, ::after { box-sizing: border-box; }
:where(h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset) { margin: 0; }
:where(ul, ol) { padding-inline-start: var(--ll-space-3); }
:where(h1) { font-size: var(--ll-size-title); line-height: 1.25; text-wrap: balance; }
:where(h2) { font-size: var(--ll-size-large); line-height: 1.3; }
:where(h3) { font-size: 1em; }
:where(a) { color: var(--ll-accent); }
:where(hr) { border: 0; border-block-start: 1px solid var(--ll-line); margin: 0; }
:where(fieldset) { border: 0; padding: 0; min-inline-size: 0; }
[hidden] { display: none !important; }

:focus-visible { outline: 3px solid var(--ll-focus); outline-offset: 2px; }
/* It only keeps the keyboard's place. */
.ll-empty:focus-visible { outline: none; }

:where(button, input, select, textarea) { font: inherit; color: inherit; }
:where(button) {
  display: inline-flex; align-items: center; justify-content: center; gap: var(--ll-space-1);
  min-block-size: var(--ll-control); padding: 0 var(--ll-space-2);
  border: 1px solid var(--ll-line-strong); border-radius: var(--ll-radius);
  background: var(--ll-surface-raised); color: var(--ll-text); font-weight: 500;
  cursor: pointer; transition: background-color var(--ll-quick), border-color var(--ll-quick);
}
:where(button:hover) { background: var(--ll-accent-soft); }
:where(button:disabled, button[aria-disabled='true']) { cursor: default; opacity: 0.55; }
button.ll-primary { background: var(--ll-accent); border-color: var(--ll-accent); color: var(--ll-on-accent); }
button.ll-primary:hover:not(:disabled) { background: var(--ll-accent-hover); }
button.ll-stop { background: var(--ll-stop); border-color: var(--ll-stop); color: var(--ll-on-stop); }
button.ll-stop:hover:not(:disabled) { background: var(--ll-stop-hover); }
button.ll-quiet { background: transparent; border-color: transparent; }
button.ll-quiet:hover:not(:disabled) { background: var(--ll-accent-soft); }
button.ll-icon-only { padding: 0; inline-size: var(--ll-control); }
/* A device that is open. Red is for what ends, and for a recording. */
button.ll-open { background: var(--ll-alarm-soft); border-color: var(--ll-alarm); color: var(--ll-alarm); }
button[aria-pressed='true'] { background: var(--ll-accent-soft); border-color: var(--ll-accent); }

:where(input:not([type]), input[type='text'], input[type='search'], input[type='number'], select, textarea) {
  min-block-size: var(--ll-control); padding: var(--ll-space-half) var(--ll-space-1);
  border: 1px solid var(--ll-line-strong); border-radius: var(--ll-radius);
  background: var(--ll-surface); color: var(--ll-text); max-inline-size: 100%;
}
:where(textarea) { resize: vertical; }
:where(input, textarea)::placeholder { color: var(--ll-text-quiet); opacity: 1; }
:where([aria-invalid='true']) { border-color: var(--ll-alarm); }
:where(input[type='checkbox'], input[type='radio'], progress) { accent-color: var(--ll-accent); }
:where(input[type='checkbox']:not([role='switch']), input[type='radio']) { inline-size: 1.2em; block-size: 1.2em; }

input[role='switch'] {
  appearance: none; flex: none; position: relative; inline-size: 2.75em; block-size: 1.5em; margin: 0;
  border: 2px solid var(--ll-line-strong); border-radius: 1em; background: var(--ll-surface); cursor: pointer;
  transition: background-color var(--ll-quick);
}
input[role='switch']::before {
  content: ''; position: absolute; inset-block: 3px; inset-inline-start: 3px; aspect-ratio: 1; border-radius: 50%;
  background: var(--ll-line-strong); transition: translate var(--ll-quick);
}
input[role='switch']:checked { background: var(--ll-accent); border-color: var(--ll-accent); }
input[role='switch']:checked::before { background: var(--ll-on-accent); translate: 1.25em 0; }
input[role='switch']:disabled { cursor: default; opacity: 0.55; }
.ll-switch-row { display: flex; align-items: center; gap: var(--ll-space-1); min-block-size: var(--ll-control); }

dialog {
  inline-size: min(32em, calc(100vw - 32px)); padding: var(--ll-space-3); border: 1px solid var(--ll-line);
  border-radius: var(--ll-radius-large); background: var(--ll-surface-raised); color: var(--ll-text);
  box-shadow: var(--ll-shadow);
}
/* Beside what the page shows, which stays usable. */
dialog:not(:modal) {
  position: fixed; inset: var(--ll-beside-top, 64px) 0 auto; z-index: 2;
  max-block-size: calc(100dvh - var(--ll-beside-top, 64px) - var(--ll-space-2)); overflow: auto;
}
.ll-help { inline-size: min(46em, calc(100vw - 16px)); }
dialog::backdrop { background: rgb(0 0 0 / 45%); }

.ll-stack { display: flex; flex-direction: column; gap: var(--ll-space-2); }
.ll-row { display: flex; flex-wrap: wrap; align-items: center; gap: var(--ll-space-1); }
.ll-card {
  padding: var(--ll-space-3); border: 1px solid var(--ll-line); border-radius: var(--ll-radius-large);
  background: var(--ll-surface);
}
.ll-quiet-text { color: var(--ll-text-quiet); }
.ll-small { font-size: var(--ll-size-small); }
.ll-code {
  font-family: var(--ll-font-mono); font-size: var(--ll-size-code); font-variant-numeric: tabular-nums;
  letter-spacing: 0.02em; line-height: 1.2;
}
.ll-notice {
  display: flex; gap: var(--ll-space-1); padding: var(--ll-space-1) var(--ll-space-2);
  border-inline-start: 4px solid var(--ll-accent); border-radius: var(--ll-space-half);
  background: var(--ll-accent-soft);
}
.ll-notice.ll-alarm { border-color: var(--ll-alarm); background: var(--ll-alarm-soft); }
.ll-popup {
  position-area: bottom span-right; position-try-fallbacks: flip-inline; margin: 4px 0; padding: 12px;
  max-inline-size: calc(100vw - 16px); border: 1px solid var(--ll-line); border-radius: var(--ll-radius);
  background: var(--ll-surface-raised); color: var(--ll-text); box-shadow: var(--ll-shadow);
}
.ll-mark, .ll-marks { font-weight: var(--ll-weight-strong); }
.ll-marks { display: flex; flex-wrap: wrap; gap: 0 var(--ll-space-2); padding: 0; list-style: none; font-size: var(--ll-size-small); }
/* A dot that is all border is there in a system's own colours too, which take backgrounds away. */
.ll-mark::before, .ll-marks li::before {
  content: ''; display: inline-block; margin-inline-end: 0.5em; border: 0.35em solid var(--ll-alarm); border-radius: 50%;
}
.ll-visually-hidden:not(:focus-within) {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
@media (forced-colors: active) {
  button[aria-pressed='true'] { border: 2px solid Highlight; }
  input[role='switch'] { forced-color-adjust: none; border-color: CanvasText; background: Canvas; }
  input[role='switch']::before { background: CanvasText; }
  input[role='switch']:checked { border-color: Highlight; background: Highlight; }
  input[role='switch']:checked::before { background: HighlightText; }
}
`;

/** The document's own ground; not for shadow roots. */
export const DOCUMENT = `
html { block-size: 100%; font: var(--ll-size) / 1.5 var(--ll-font); background: var(--ll-ground); color: var(--ll-text); }
body { min-block-size: 100%; margin: 0; overflow-wrap: anywhere; }
`;
