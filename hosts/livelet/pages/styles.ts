/** What the customer's page adds to the theme. */
export const pageStyles: CSSStyleSheet = new CSSStyleSheet();
pageStyles.replaceSync(`
body { min-inline-size: 320px; }
.top, main, footer { inline-size: min(100%, 34rem); margin-inline: auto; padding-inline: var(--ll-space-2); }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; padding-block: var(--ll-space-1); }
.top button { min-block-size: 44px; font-size: var(--ll-size-small); }
.brand { font-weight: var(--ll-weight-strong); }
main { padding-block: var(--ll-space-2) var(--ll-space-4); }
footer { padding-block-end: var(--ll-space-2); font-size: var(--ll-size-small); }
.stack { display: flex; flex-direction: column; gap: var(--ll-space-2); }
h1:focus-visible, h2:focus-visible { outline: none; }
h2 { font-size: 1.1em; }
.quiet { color: var(--ll-text-quiet); font-size: var(--ll-size-small); }
.large { min-block-size: 64px; font-size: 1.1em; }
button { white-space: normal; }

.code-field {
  inline-size: 100%; min-block-size: 80px; padding-inline: var(--ll-space-2); text-align: center;
  font-family: var(--ll-font-mono); font-size: clamp(1.2em, 8.4vi, 2.2em); font-variant-numeric: tabular-nums;
  border-width: 2px;
}
.good { color: var(--ll-accent); font-weight: bold; }
.problem { font-weight: var(--ll-weight-strong); color: var(--ll-alarm); }
.problem:empty { display: none; }
.reassurance { padding-block-start: var(--ll-space-1); border-block-start: 1px solid var(--ll-line); }

.words { display: flex; flex-wrap: wrap; gap: var(--ll-space-1); }
.words > div { flex: 1 1 auto; display: grid; grid-template-columns: 1fr 1fr; gap: var(--ll-space-1); }
.word {
  padding: var(--ll-space-half) var(--ll-space-1); border-radius: var(--ll-radius); background: var(--ll-accent-soft);
  text-align: center; font-size: 1.15em; font-weight: var(--ll-weight-strong); overflow-wrap: normal;
}
.fingerprint { font-family: var(--ll-font-mono); }
.warning h2 { margin-block-end: var(--ll-space-half); }
.switch { display: grid; grid-template-columns: auto 1fr; align-items: center; column-gap: var(--ll-space-2); min-block-size: var(--ll-control); }
.switch label { padding-block: var(--ll-space-1); }
.switch p { grid-column: 2; }
.answers { display: flex; flex-wrap: wrap; gap: var(--ll-space-2); }
.answers button { flex: 1 1 6em; padding-inline: var(--ll-space-1); }

.who { gap: var(--ll-space-1); }
.who h2 { font-size: 1em; }
.who .ll-card { padding: var(--ll-space-1) var(--ll-space-2); gap: var(--ll-space-1); }
.who .ll-card > h2 { padding-block-start: var(--ll-space-half); }
.who .switch label { padding-block: var(--ll-space-half); }
.who > .answers { padding-block: var(--ll-space-1); background: var(--ll-ground); }
/* Both answers in view, and no switch with the focus behind them; a very low window scrolls as a whole. */
@media (min-height: 480px) {
  .who > .answers { position: sticky; inset-block-end: 0; border-block-start: 1px solid var(--ll-line); }
  html:has(.who) { scroll-padding-block-end: 7rem; }
}
html:has(.stop) { scroll-padding-block-end: 7rem; }

.panel h1 { font-size: 1.2em; }
.panel fieldset { min-inline-size: 0; }
.panel legend { font-size: var(--ll-size-small); color: var(--ll-text-quiet); padding: 0; }
.question { padding: var(--ll-space-2); gap: var(--ll-space-1); border: 2px solid var(--ll-accent); scroll-margin: 8rem; }
.panel:has(.question) ~ .stop p { display: none; }
.question .answers button { flex-basis: 5em; }
.choice { display: flex; align-items: center; gap: var(--ll-space-1); min-block-size: 40px; }
.stop { position: sticky; inset-block-end: 0; padding-block: var(--ll-space-1); background: var(--ll-ground); text-align: center; }
/* A picture that fills the screen has it above itself, in a corner. */
:root:fullscreen .stop {
  position: fixed; z-index: 2; inset: auto 0 0 auto; inline-size: min(100%, 16rem); padding-inline: var(--ll-space-1);
}
main > .ll-help:not(:modal) {
  position: static; z-index: auto; inline-size: 100%; max-block-size: none; margin: 0; padding: var(--ll-space-2); box-shadow: none;
}
/* In sight however far the panel is scrolled: what is open is never out of mind. */
.stop .ll-marks { display: block; margin-block-end: var(--ll-space-1); font-size: 0.75em; font-weight: normal; line-height: 1.3; }
/* They flow as one text, each dot with its first word: many of them leave the panel its room. */
.stop .ll-marks li { display: inline; margin-inline: 0.35em; }
.stop .ll-marks li::before { content: '\\25cf\\a0'; display: inline; margin: 0; border: 0; color: var(--ll-alarm); }
.stop .ll-marks .recorded {
  display: inline-block; padding-inline: 8px; border-radius: var(--ll-radius); color: var(--ll-on-stop);
  background: var(--ll-stop); font-weight: var(--ll-weight-strong);
}
.stop .ll-marks .recorded::before { color: inherit; }
.stop button { inline-size: 100%; font-size: 1.2em; font-weight: bold; }
.pieces:empty { display: none; }
.pieces:not(.wide) { display: flex; flex-direction: column; gap: var(--ll-space-1); }
.pieces:not(.wide) > .ll-panel {
  min-inline-size: 0; padding: var(--ll-space-1) var(--ll-space-2) var(--ll-space-2); border: 1px solid var(--ll-line);
  border-radius: var(--ll-radius-large); background: var(--ll-surface);
}
.pieces > .ll-panel > h2 { margin-block-end: var(--ll-space-1); font-size: 1em; font-weight: var(--ll-weight-strong); }
/* The frame gives every plugin the same room; what a piece brings for itself would come on top of it. */
.pieces:not(.wide) > .ll-panel > div > :not(.ll-notice) { padding: 0; }
/* Nothing in it now: no frame around nothing. It is still drawn, or it could not tell that it has something again. */
.pieces:not(.wide) > .ll-empty { position: absolute; inline-size: 100%; padding: 0; border: 0; background: none; visibility: hidden; }
.pieces:not(.wide) > .ll-empty > h2 { display: none; }
.pieces:not(.wide):not(:has(> :not(.ll-empty))) { display: contents; }
/* A picture takes the width of the window, beyond the column of the text. */
.pieces.wide { inline-size: calc(100vw - 2 * var(--ll-space-2)); max-inline-size: 100rem; margin-inline: calc(50% - 50vw + var(--ll-space-2)); }

.facts { display: grid; grid-template-columns: minmax(7em, max-content) 1fr; gap: var(--ll-space-1) var(--ll-space-2); }
.facts dt { color: var(--ll-text-quiet); }
.safe { font-size: 1.05em; }
.events { padding-inline-start: 0; list-style: none; }
summary { min-block-size: 44px; display: list-item; align-content: center; cursor: pointer; }
@media (max-width: 420px) {
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-block-end: var(--ll-space-1); }
}
`);
