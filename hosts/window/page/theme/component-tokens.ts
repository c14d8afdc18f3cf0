/** The names that Web Awesome's components look for, in this page's look; only those of the curated set. */
export const COMPONENT_TOKENS = `
:root {
  --wa-font-family-body: var(--ll-font);
  --wa-font-size-xs: 0.75rem;
  --wa-font-size-s: 0.875rem;
  --wa-font-size-smaller: 0.875em;
  --wa-font-size-m: 1rem;
  --wa-font-size-l: 1.25rem;
  --wa-font-size-xl: 1.5rem;
  --wa-font-weight-action: 500;
  --wa-font-weight-semibold: 600;
  --wa-line-height-condensed: 1.3;
  --wa-space-xl: var(--ll-space-4);
  --wa-border-style: solid;
  --wa-border-width-s: 1px;
  --wa-border-width-l: 3px;
  --wa-border-radius-s: var(--ll-space-half);
  --wa-border-radius-m: var(--ll-radius);
  --wa-border-radius-pill: 9999px;
  --wa-shadow-m: var(--ll-shadow);
  --wa-transition-fast: var(--ll-quick);
  --wa-transition-easing: ease;
  --wa-focus-ring: 3px solid var(--ll-focus);
  --wa-focus-ring-offset: 2px;

  --wa-form-control-height: var(--ll-control);
  --wa-form-control-padding-inline: var(--ll-space-2);
  --wa-form-control-border-radius: var(--ll-radius);
  --wa-form-control-border-style: solid;
  --wa-form-control-border-width: 1px;

  --wa-color-surface-default: var(--ll-surface);
  --wa-color-surface-raised: var(--ll-surface-raised);
  --wa-color-surface-border: var(--ll-line);
  --wa-color-text-normal: var(--ll-text);
  --wa-color-text-quiet: var(--ll-text-quiet);
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
  --wa-color-brand-fill-quiet: var(--ll-accent-soft);
  --wa-color-brand-fill-normal: var(--ll-accent-soft);
  --wa-color-brand-fill-loud: var(--ll-accent);
  --wa-color-brand-border-quiet: var(--ll-line);
  --wa-color-brand-border-normal: var(--ll-accent);
  --wa-color-brand-border-loud: var(--ll-accent);
  --wa-color-brand-on-quiet: var(--ll-accent);
  --wa-color-brand-on-normal: var(--ll-accent);
  --wa-color-brand-on-loud: var(--ll-on-accent);
  --wa-color-danger-fill-quiet: var(--ll-stop-soft);
  --wa-color-danger-fill-normal: var(--ll-stop-soft);
  --wa-color-danger-fill-loud: var(--ll-stop);
  --wa-color-danger-on-quiet: var(--ll-stop);
  --wa-color-danger-on-normal: var(--ll-stop);
  --wa-color-danger-on-loud: var(--ll-on-stop);
}
`;
