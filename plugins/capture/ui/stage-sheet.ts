/** Styles of the stage; the ground and the colours are the page's. */
export function stageSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { display: grid; block-size: 100%; min-block-size: 0; }
.viewport { grid-area: 1 / 1; display: grid; overflow: auto; min-inline-size: 0; min-block-size: 0; }
.viewport.fit { overflow: hidden; }
.picture { position: relative; place-self: start; overflow: hidden; }
.picture > canvas:first-child { display: block; inline-size: 100%; block-size: 100%; }
canvas.reduced { position: absolute; inset: 0 auto auto 0; pointer-events: none; }
canvas.cursor { position: absolute; inset: 0 auto auto 0; transform-origin: 0 0; pointer-events: none; }
.measurements {
  grid-area: 1 / 1; place-self: start end; z-index: 1; margin: 8px; padding: 8px 12px; pointer-events: none;
  max-inline-size: calc(100% - 16px); border: 1px solid var(--ll-line, GrayText); border-radius: var(--ll-radius, 8px);
  background: var(--ll-surface-raised, Canvas); color: var(--ll-text, CanvasText); border-spacing: 0;
  font-size: var(--ll-size-small, 0.875em); font-variant-numeric: tabular-nums; line-height: 1.4;
}
.measurements caption {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.measurements th { padding: 0 12px 0 0; font-weight: normal; text-align: start; color: var(--ll-text-quiet, CanvasText); }
/* Numbers change every second; the table must not. */
.measurements td { min-inline-size: 11em; padding: 0; text-align: end; }
.notice {
  grid-area: 1 / 1; place-self: center; display: grid; gap: 12px; justify-items: center;
  max-inline-size: 32em; padding: 24px; text-align: center; color: var(--ll-text, CanvasText);
}
.notice p { margin: 0; }
.notice:empty { display: none; }
.line {
  grid-area: 1 / 1; place-self: end center; z-index: 1; margin: 0 16px 16px; padding: 8px 16px; pointer-events: none;
  border: 1px solid var(--ll-line, GrayText); border-radius: var(--ll-radius, 8px);
  background: var(--ll-surface-raised, Canvas); color: var(--ll-text, CanvasText);
}
.line:empty { visibility: hidden; }
button {
  font: inherit; padding: 8px 16px; border: 1px solid currentColor; border-radius: var(--ll-radius, 8px);
  background: none; color: inherit; cursor: pointer;
}
button:focus-visible { outline: 3px solid var(--ll-focus, Highlight); outline-offset: 2px; }
:is(.viewport, .cursor, .measurements)[hidden] { display: none; }
`);
  return sheet;
}
