/** Styles of the stage; the ground and the colours are the page's. */
export function stageSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { display: grid; block-size: 100%; min-block-size: 0; }
.viewport { grid-area: 1 / 1; display: grid; overflow: auto; min-inline-size: 0; min-block-size: 0; }
.viewport.fit { overflow: hidden; }
.picture { position: relative; margin: auto; overflow: hidden; }
.picture > canvas:first-child { display: block; inline-size: 100%; block-size: 100%; }
canvas.cursor { position: absolute; inset: 0 auto auto 0; transform-origin: 0 0; pointer-events: none; }
.notice {
  grid-area: 1 / 1; place-self: center; display: grid; gap: 12px; justify-items: center;
  max-inline-size: 32em; padding: 24px; text-align: center; color: var(--ll-text, CanvasText);
}
.notice p { margin: 0; }
.notice:empty { display: none; }
button {
  font: inherit; padding: 8px 16px; border: 1px solid currentColor; border-radius: var(--ll-radius, 8px);
  background: none; color: inherit; cursor: pointer;
}
button:focus-visible { outline: 3px solid var(--ll-focus, Highlight); outline-offset: 2px; }
:is(.viewport, .cursor)[hidden] { display: none; }
`);
  return sheet;
}
