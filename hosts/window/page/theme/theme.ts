import { BASE, DOCUMENT } from './base.js';
import { COMPONENT_TOKENS } from './component-tokens.js';
import { TOKENS } from './tokens.js';

/** For the shadow roots of components: `static styles = [baseStyles, css\`...\`]`. */
export const baseStyles: CSSStyleSheet = sheet(BASE);

const documentStyles = sheet(TOKENS + COMPONENT_TOKENS + BASE + DOCUMENT);

/** Who the page is for: the customer's page is larger. */
export type Audience = 'operator' | 'customer';

/** Dresses the document. Call it first in a page's main module. */
export function applyTheme(audience: Audience): void {
  document.documentElement.classList.toggle('ll-customer', audience === 'customer');
  document.adoptedStyleSheets = [documentStyles, ...document.adoptedStyleSheets];
}

function sheet(text: string): CSSStyleSheet {
  const created = new CSSStyleSheet();
  created.replaceSync(text);
  return created;
}
