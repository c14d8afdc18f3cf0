/** The names that Web Awesome's components look for, in this page's look; only those of the curated set. */
export const COMPONENT_TOKENS = `
:root {
  --wa-font-size-m: 1rem;
  --wa-font-weight-action: 500;
  --wa-space-xl: var(--ll-space-4);
  --wa-border-width-l: 3px;
  --wa-transition-fast: var(--ll-quick);
  --wa-transition-easing: ease;
  --wa-focus-ring: 3px solid var(--ll-focus);
  --wa-focus-ring-offset: 2px;

  --wa-form-control-height: var(--ll-control);
  --wa-form-control-padding-inline: var(--ll-space-2);
  --wa-form-control-border-radius: var(--ll-radius);
  --wa-form-control-border-style: solid;
  --wa-form-control-border-width: 1px;

  --wa-color-mix-hover: var(--ll-text) 8%;
  --wa-color-mix-active: var(--ll-text) 14%;
  --wa-color-neutral-fill-quiet: var(--ll-ground);
  --wa-color-neutral-fill-normal: var(--ll-accent-soft);
  --wa-color-neutral-fill-loud: var(--ll-text);
  --wa-color-neutral-border-quiet: var(--ll-line);
  --wa-color-neutral-border-normal: var(--ll-line);
  --wa-color-neutral-border-loud: var(--ll-line-strong);
  --wa-color-neutral-on-quiet: var(--ll-text-quiet);
  --wa-color-neutral-on-normal: var(--ll-text);
  --wa-color-neutral-on-loud: var(--ll-surface);
  --wa-color-brand-fill-loud: var(--ll-accent);
  --wa-color-brand-on-quiet: var(--ll-accent);
}
`;
