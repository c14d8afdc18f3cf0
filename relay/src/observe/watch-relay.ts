import type { Clock } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import type { Store } from '../store/open-store.js';
import { type RelayFigures, RelayMetrics } from './metrics.js';
import { Readiness } from './readiness.js';

export interface WatchParts {
  readonly clock: Clock;
  readonly settings: Pick<RelaySettings, 'memoryShare'>;
  readonly store: Store;
  readonly figures: () => RelayFigures;
}

/** What is watched of a relay. */
export interface Watch extends Disposable {
  readonly figures: () => RelayFigures;
  /** To be told of everything that is logged. */
  readonly metrics: RelayMetrics;
  readonly readiness: Readiness;
}

export function watchRelay({ clock, settings, store, figures }: WatchParts): Watch {
  const metrics = new RelayMetrics(figures, () => clock.wallTime());
  const askStore = (): Promise<unknown> => store.db.selectFrom('organisation').select('id').execute();
  const readiness = new Readiness({ clock, askStore, figures, mostMemory: settings.memoryShare });
  return { figures, metrics, readiness, [Symbol.dispose]: () => metrics[Symbol.dispose]() };
}
