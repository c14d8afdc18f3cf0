import type { Capability, LocalizedText, PanelContext, PanelModule } from '@livelet/core/page';
import type { HostConnection } from './connect.js';
import { sheetFor } from './foreign-styles.js';
import type { Localizer } from './localizer.js';
import { baseStyles } from './theme/theme.js';

/** What a page needs to know of a plugin's piece of user interface; the host sends it as data. */
export interface SlotContribution {
  /** Plugin id. */
  readonly plugin: string;
  /** Contribution id, unique within the plugin. */
  readonly id: string;
  readonly title: LocalizedText;
  /** ES module inside the plugin's folder. */
  readonly module: string;
}

export interface SlotOptions {
  readonly connection: HostConnection;
  readonly localizer: Localizer;
  readonly announce: (text: string) => void;
  /** What is open in a panel, after each change; none once it is unmounted. @default nobody is told */
  readonly onMarks?: (contribution: SlotContribution, sentences: readonly string[]) => void;
  /** A panel whose module can't be loaded or throws at once; the others are not affected. */
  readonly onFailed?: (contribution: SlotContribution, error: unknown) => void;
  /** A control that asks for a capability. @default nothing can be asked for */
  readonly askControl?: (capability: Capability) => HTMLElement;
  /** Each panel stands under its title. @default false */
  readonly headings?: boolean;
}

/**
 * Fills `container` with one element for each contribution, in their order, and mounts their panels: each gets its
 * own port `plugin:<plugin>:<id>`. One that shows nothing at the time has the class `ll-empty`. Disposing unmounts
 * them, closes their ports and empties the container.
 */
export function mountSlot(
  container: HTMLElement,
  contributions: readonly SlotContribution[],
  options: SlotOptions,
): Disposable {
  const panels = contributions.map((contribution) => mountPanel(container, contribution, options));
  return {
    [Symbol.dispose]() {
      for (const panel of panels.reverse()) panel[Symbol.dispose]();
    },
  };
}

function mountPanel(
  container: HTMLElement,
  contribution: SlotContribution,
  options: SlotOptions,
): Disposable {
  const { connection, localizer, announce, onMarks, onFailed, askControl, headings = false } = options;
  const page = container.ownerDocument;
  const panel = page.createElement('section');
  panel.className = 'll-panel';
  // A place to go to where it has a heading; else one of many tools.
  if (!headings) panel.role = 'group';
  panel.dataset.plugin = contribution.plugin;
  panel.dataset.contribution = contribution.id;
  const heading = page.createElement('h2');
  const root = headings ? page.createElement('div') : panel;
  if (headings) panel.append(heading, root);
  const label = (): void => {
    const title = localizer.text(contribution.title);
    panel.setAttribute('aria-label', title);
    heading.textContent = title;
  };
  label();
  container.append(panel);

  const resources = new DisposableStack();
  resources.defer(() => panel.remove());
  resources.use(markEmpty(panel, root));
  resources.use(localizer.onChange(label));
  const port = connection.port(`plugin:${contribution.plugin}:${contribution.id}`);
  resources.defer(() => port.close());
  resources.defer(() => onMarks?.(contribution, []));

  const context: PanelContext<HTMLElement> = {
    root,
    port,
    get locale() {
      return localizer.locale;
    },
    onLocale: (listener) => localizer.onChange(listener),
    announce,
    marks: (sentences) => {
      if (!resources.disposed) onMarks?.(contribution, sentences);
    },
    dress: (shadow, css = '') => dress(shadow as ShadowRoot, css),
    ...(askControl && { askControl }),
  };
  importPanel(contribution)
    .then((module) => {
      const mounted = module.mount(context);
      if (resources.disposed) mounted[Symbol.dispose]();
      else resources.use(mounted);
    })
    .catch((error: unknown) => onFailed?.(contribution, error));
  return resources;
}

function importPanel({ plugin, module }: SlotContribution): Promise<PanelModule<HTMLElement>> {
  return import(`/plugins/${encodeURIComponent(plugin)}/${module}`);
}

function dress(root: ShadowRoot, css: string): void {
  const page = root.ownerDocument;
  const own = new (page.defaultView ?? window).CSSStyleSheet();
  own.replaceSync(css);
  root.adoptedStyleSheets = [sheetFor(page, baseStyles), ...root.adoptedStyleSheets, own];
}

/** A panel's content comes and goes by itself: whoever lays panels out needs to know which have any. */
function markEmpty(panel: HTMLElement, root: HTMLElement): Disposable {
  panel.classList.add('ll-empty');
  // That of the window which the panel is in: a small window draws when the page behind it doesn't.
  const { ResizeObserver: Observer } = panel.ownerDocument.defaultView ?? window;
  let hadFocus = false;
  const observer = new Observer(() => {
    const isEmpty = root.offsetWidth === 0 || root.offsetHeight === 0;
    panel.classList.toggle('ll-empty', isEmpty);
    if (isEmpty && hadFocus) keepPlace(panel);
    if (isEmpty) hadFocus = false;
  });
  observer.observe(root);
  panel.addEventListener('focusin', () => {
    hadFocus = true;
  });
  return { [Symbol.dispose]: () => observer.disconnect() };
}

/** What had the focus is gone: the keyboard goes on from the same place, and not from the top of the page. */
function keepPlace(panel: HTMLElement): void {
  const { activeElement, body } = panel.ownerDocument;
  if (activeElement !== null && activeElement !== body) return;
  panel.tabIndex = -1;
  panel.addEventListener('blur', () => panel.removeAttribute('tabindex'), { once: true });
  panel.focus();
}
