/**
 * The look, as custom properties: `--ll-*`, and Web Awesome's own names mapped to them. Light and dark follow the
 * system. One accent; red (`--ll-stop`) is for Stop, End and recording only, amber (`--ll-alarm`) for warnings and
 * errors. Text on its ground is at least 4.5:1.
 */
export const TOKENS = `
:root {
  color-scheme: light dark;
  --ll-ground: light-dark(#f6f7f9, #14171c);
  --ll-surface: light-dark(#ffffff, #1c2027);
  --ll-surface-raised: light-dark(#ffffff, #242932);
  --ll-stage: #23262b;
  --ll-line: light-dark(#d5d9e0, #39404b);
  --ll-line-strong: light-dark(#7d8694, #858e9c);
  --ll-text: light-dark(#1a1e25, #eceff4);
  --ll-text-quiet: light-dark(#535c69, #a7b0bd);
  --ll-accent: light-dark(#1b5fc1, #7fb2ff);
  --ll-accent-hover: light-dark(#164fa2, #a3c8ff);
  --ll-accent-soft: light-dark(#e5eefb, #1f2f48);
  --ll-on-accent: light-dark(#ffffff, #0c1522);
  --ll-stop: light-dark(#c2261d, #ff8a80);
  --ll-stop-hover: light-dark(#9f1d16, #ffaea7);
  --ll-stop-soft: light-dark(#fdecea, #3d1f1f);
  --ll-on-stop: light-dark(#ffffff, #2a0907);
  --ll-alarm: light-dark(#8a5300, #f5b83d);
  --ll-alarm-soft: light-dark(#fff3d6, #3a2c0e);
  --ll-focus: light-dark(#0b63f6, #9cc4ff);
  --ll-shadow: 0 1px 2px light-dark(rgb(16 24 40 / 8%), rgb(0 0 0 / 40%)),
    0 4px 16px light-dark(rgb(16 24 40 / 10%), rgb(0 0 0 / 45%));

  --ll-space-half: 4px;
  --ll-space-1: 8px;
  --ll-space-2: 16px;
  --ll-space-3: 24px;
  --ll-space-4: 32px;
  --ll-space-6: 48px;
  --ll-radius: 8px;
  --ll-radius-large: 12px;

  --ll-font: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif;
  --ll-font-mono: ui-monospace, 'Cascadia Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace;
  --ll-size: 16px;
  --ll-size-small: 0.875em;
  --ll-size-large: 1.25em;
  --ll-size-title: 1.5em;
  --ll-size-code: 3em;
  --ll-weight-strong: 600;
  --ll-control: 40px;
  --ll-quick: 120ms;
}
/* The customer's size: html class="ll-customer". */
:root.ll-customer {
  --ll-size: 20px;
  --ll-control: 48px;
}
@media (prefers-reduced-motion: reduce) {
  :root {
    --ll-quick: 0ms;
  }
}
@media (prefers-contrast: more) {
  :root {
    --ll-line: var(--ll-line-strong);
    --ll-text-quiet: var(--ll-text);
  }
}
`;
