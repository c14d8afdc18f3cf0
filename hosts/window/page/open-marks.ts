import type { SlotContribution } from './slot.js';

type PieceName = Pick<SlotContribution, 'plugin' | 'id'>;

/** What is open in the panels of a page, for `onMarks` of their slots; in the order in which the panels are given. */
export class OpenMarks {
  readonly #of: Map<string, readonly string[]>;
  readonly #changed: () => void;

  constructor(panels: readonly PieceName[], changed: () => void) {
    this.#of = new Map(panels.map((panel) => [keyOf(panel), []]));
    this.#changed = changed;
  }

  get all(): readonly string[] {
    return [...this.#of.values()].flat();
  }

  /** Bound, so that it can be handed on. */
  readonly take = (panel: PieceName, sentences: readonly string[]): void => {
    const before = this.#of.get(keyOf(panel)) ?? [];
    this.#of.set(keyOf(panel), sentences);
    if (before.join('\n') !== sentences.join('\n')) this.#changed();
  };
}

function keyOf({ plugin, id }: PieceName): string {
  return `${plugin}:${id}`;
}
