import { displayFileName, type FilePath, safeFileName } from '@livelet/core';
import { type ItemShown, MAX_ITEMS_SHOWN } from './page-protocol.js';
import type { ItemDone } from './transfer-listener.js';

/** What became of the first items of a transfer. */
export class ItemsShown {
  readonly #items: ItemShown[] = [];

  get all(): readonly ItemShown[] {
    return this.#items;
  }

  add(item: Exclude<ItemDone, { how: 'left-out' }>): void {
    if (this.#items.length < MAX_ITEMS_SHOWN) this.#items.push(shown(item));
  }

  clear(): void {
    this.#items.length = 0;
  }
}

export function pathShown(path: FilePath): string {
  return displayFileName(path.join('/'));
}

function shown(item: Exclude<ItemDone, { how: 'left-out' }>): ItemShown {
  const name = pathShown(item.path);
  if (item.how === 'skipped') return { how: 'skipped', name };
  if (item.how !== 'kept') return { how: 'failed', name, reason: item.reason };
  return { how: 'kept', name, keptAs: pathShown([...item.path.slice(0, -1).map(safeFileName), item.name]) };
}
