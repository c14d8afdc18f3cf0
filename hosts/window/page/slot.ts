import type { LocalizedText, PanelContext, PanelModule } from '@livelet/core/page';
import type { HostConnection } from './connect.js';
import type { Localizer } from './localizer.js';

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
  /** A panel whose module can't be loaded or throws at once; the others are not affected. */
  readonly onFailed?: (contribution: SlotContribution, error: unknown) => void;
}

/**
 * Fills `container` with one element for each contribution, in their order, and mounts their panels: each gets its
 * own port `plugin:<plugin>:<id>`. Disposing unmounts them, closes their ports and empties the container.
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
  const { connection, localizer, announce, onFailed } = options;
  const root = container.ownerDocument.createElement('section');
  root.className = 'll-panel';
  root.dataset.plugin = contribution.plugin;
  root.dataset.contribution = contribution.id;
  const label = (): void => root.setAttribute('aria-label', localizer.text(contribution.title));
  label();
  container.append(root);

  const resources = new DisposableStack();
  resources.defer(() => root.remove());
  resources.use(localizer.onChange(label));
  const port = connection.port(`plugin:${contribution.plugin}:${contribution.id}`);
  resources.defer(() => port.close());

  const context: PanelContext<HTMLElement> = {
    root,
    port,
    get locale() {
      return localizer.locale;
    },
    onLocale: (listener) => localizer.onChange(listener),
    announce,
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
