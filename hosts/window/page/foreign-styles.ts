/**
 * A constructed stylesheet belongs to one document. Components that are moved or made in the window of a panel would
 * lose theirs or throw, so that each of them gets a copy that belongs to where it is.
 */
type View = Window & typeof globalThis;

const owners = new WeakMap<CSSStyleSheet, Document>();
const copies = new WeakMap<Document, Map<CSSStyleSheet, CSSStyleSheet>>();
let patched = false;

/** From now on a shadow root inside `view` takes this page's stylesheets too. */
export function shareStyleSheets(view: View): void {
  copies.set(view.document, new Map());
  if (patched) return;
  patched = true;
  const { prototype } = ShadowRoot;
  const original = Object.getOwnPropertyDescriptor(prototype, 'adoptedStyleSheets');
  const setSheets = original?.set;
  if (!original || !setSheets) return;
  Object.defineProperty(prototype, 'adoptedStyleSheets', {
    ...original,
    set(this: ShadowRoot, sheets: readonly CSSStyleSheet[]) {
      setSheets.call(
        this,
        sheets.map((sheet) => sheetFor(this.ownerDocument, sheet)),
      );
    },
  });
}

/** Puts `element` into a panel's window, or back, with the styles of every shadow root in it. */
export function moveWithStyles(element: Element, parent: Element): void {
  const kept = shadowRootsOf(element).map((root) => ({ root, sheets: [...root.adoptedStyleSheets] }));
  parent.append(element);
  for (const { root, sheets } of kept) root.adoptedStyleSheets = sheets;
}

/** `sheet` as one that `owner` may adopt. */
export function sheetFor(owner: Document, sheet: CSSStyleSheet): CSSStyleSheet {
  const from = owners.get(sheet) ?? document;
  if (from === owner) return sheet;
  const original = originals.get(sheet) ?? sheet;
  if (owner === document) return original;
  const view = owner.defaultView as View | null;
  const known = copies.get(owner);
  if (!view || !known) return sheet;
  let copy = known.get(original);
  if (!copy) {
    copy = new view.CSSStyleSheet({ media: original.media.mediaText });
    copy.replaceSync([...original.cssRules].map((rule) => rule.cssText).join('\n'));
    known.set(original, copy);
    owners.set(copy, owner);
    originals.set(copy, original);
  }
  return copy;
}

const originals = new WeakMap<CSSStyleSheet, CSSStyleSheet>();

function shadowRootsOf(element: Element): ShadowRoot[] {
  const found: ShadowRoot[] = [];
  const visit = (node: Element): void => {
    if (node.shadowRoot) {
      found.push(node.shadowRoot);
      for (const child of node.shadowRoot.children) visit(child);
    }
    for (const child of node.children) visit(child);
  };
  visit(element);
  return found;
}
