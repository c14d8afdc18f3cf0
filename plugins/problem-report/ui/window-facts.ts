/** What of the page's surroundings can matter: sizes and the browser's version, nothing that names a person. */
export function windowFacts(): string {
  const { width, height, colorDepth } = screen;
  const facts = {
    browser: navigator.userAgent,
    language: document.documentElement.lang,
    screen: `${width} x ${height}, ${colorDepth} bit`,
    window: `${innerWidth} x ${innerHeight}`,
    'pixel ratio': devicePixelRatio,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    'reduced motion': matchMedia('(prefers-reduced-motion: reduce)').matches,
    'high contrast': matchMedia('(prefers-contrast: more)').matches,
    cores: navigator.hardwareConcurrency,
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
