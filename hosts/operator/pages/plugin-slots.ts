import {
  type Capability,
  PANEL_FRONT_EVENT,
  PANEL_UNREAD_EVENT,
  type PanelUnread,
  STAGE_GEOMETRY_EVENT,
  STAGE_SHOWN_EVENT,
  STAGE_STATISTICS_EVENT,
  type StageGeometry,
  type StageStatistics,
} from '@livelet/core/page';
import type { ContributionShown } from '@livelet/operator/page-protocol';
import { type HostConnection, mountSlot, OpenMarks } from '@livelet/window/page';
import { announcer, localizer } from './page-context.js';
import { tabOf } from './side-panel.js';

/** Where the plugins' pieces go: elements that stay for the whole session. */
export interface SlotPlaces {
  readonly stage: HTMLElement;
  readonly tools: HTMLElement;
  readonly panel: HTMLElement;
  /** Never seen. */
  readonly background: HTMLElement;
}

/** What the pieces tell of themselves. */
export interface SlotListener {
  statistics(statistics: StageStatistics): void;
  geometry(geometry: StageGeometry): void;
  /** Whether the stage shows a picture. */
  shown(isShown: boolean): void;
  /** How much waits unseen in a tab of the side panel. */
  unread(tab: string, count: number): void;
  /** A tab of the side panel is to be seen. */
  front(tab: string): void;
  /** A piece needs a control that asks for it. */
  askControl(capability: Capability): HTMLElement;
  /** What is open in the pieces now. */
  marks(sentences: readonly string[]): void;
  /** A piece could not be loaded; the others are there. */
  failed(): void;
}

/** Puts every plugin's pieces where they belong. Disposing takes them away. */
export function mountPlugins(
  contributions: readonly ContributionShown[],
  places: SlotPlaces,
  connection: HostConnection,
  listener: SlotListener,
): Disposable {
  const { stage, tools, panel, background } = places;
  const mounted = new DisposableStack();
  const marks = new OpenMarks(contributions, () => listener.marks(marks.all));
  const mount = (container: HTMLElement, pieces: readonly ContributionShown[]): void => {
    const options = {
      connection,
      localizer,
      announce: announcer.announce,
      onMarks: marks.take,
      askControl: (capability: Capability) => listener.askControl(capability),
      onFailed: () => listener.failed(),
    };
    mounted.use(mountSlot(container, pieces, options));
  };
  const inSlot = (wanted: ContributionShown['slot']): readonly ContributionShown[] =>
    contributions.filter(({ slot }) => slot === wanted);

  listen<StageStatistics>(stage, STAGE_STATISTICS_EVENT, (detail) => listener.statistics(detail));
  listen<StageGeometry>(stage, STAGE_GEOMETRY_EVENT, (detail) => listener.geometry(detail));
  listen<boolean>(stage, STAGE_SHOWN_EVENT, (detail) => listener.shown(detail));
  mount(stage, inSlot('stage'));
  mount(tools, inSlot('toolbar'));
  mount(background, inSlot('background'));
  for (const piece of inSlot('side-panel')) {
    const place = document.createElement('div');
    place.slot = tabOf(piece);
    place.className = 'place';
    listen<PanelUnread>(place, PANEL_UNREAD_EVENT, ({ count }) => listener.unread(tabOf(piece), count));
    listen(place, PANEL_FRONT_EVENT, () => listener.front(tabOf(piece)));
    panel.append(place);
    mount(place, [piece]);
  }
  return mounted;
}

function listen<D>(element: HTMLElement, type: string, listener: (detail: D) => void): void {
  element.addEventListener(type, (event) => listener((event as CustomEvent<D>).detail));
}
