import { createHash } from 'node:crypto';
import { type Clock, checkEnvelope, LiveletError, MAX_ENVELOPE } from '@livelet/core/wire';
import type { Route } from '../api/route.js';
import { type SealedRoutesParts, sealedRoutes } from '../archive/sealed-routes.js';
import { SlidingWindow } from '../limits/sliding-window.js';
import type { RelaySettings } from '../settings.js';

const HOUR = 3_600_000;
/** Reports that are on their way in at once: each may take memory for its whole size. */
const MOST_AT_ONCE = 4;

export interface ReportParts extends SealedRoutesParts {
  readonly clock: Clock;
  readonly settings: Pick<RelaySettings, 'reportItems' | 'reportBytes' | 'reportsPerHour' | 'sources'>;
}

/** Where anyone hands in a problem report, sealed to the support key: `POST /reports`. */
export function reportRoutes(parts: ReportParts): readonly Route[] {
  const { store, settings } = parts;
  const arrivals = new ReportArrivals(parts);
  return [
    {
      method: 'POST',
      path: '/reports',
      who: 'anyone',
      maxBody: MAX_ENVELOPE.report,
      enter: ({ source }) => arrivals.enter(source),
      handle: async ({ body }) => {
        checkEnvelope('report', body);
        // Sent again because its answer was lost, it is the same bytes.
        const id = createHash('sha256').update(body).digest('base64url');
        const room = { items: settings.reportItems, bytes: settings.reportBytes };
        const isNew = await store.put({ owner: '', operator: '', id, envelope: body }, room);
        return { status: isNew ? 201 : 200, json: { new: isNew } };
      },
    },
    ...sealedRoutes('/reports', 'report', parts),
  ];
}

/** How many reports a source hands in: in memory only, no address is kept with a report. */
class ReportArrivals {
  readonly #parts: ReportParts;
  readonly #sources = new Map<string, SlidingWindow>();
  #entering = 0;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** @throws `relay-too-many-requests`, `relay-full` while others hand in */
  enter(source: string): Disposable {
    if (this.#entering >= MOST_AT_ONCE) throw new LiveletError('relay-full');
    if (!this.#allows(source)) throw new LiveletError('relay-too-many-requests');
    this.#entering += 1;
    return {
      [Symbol.dispose]: () => {
        this.#entering -= 1;
      },
    };
  }

  #allows(source: string): boolean {
    const { clock, settings } = this.#parts;
    const now = clock.now();
    const window = this.#sources.get(source) ?? new SlidingWindow(HOUR, settings.reportsPerHour + 1);
    if (!this.#sources.has(source)) {
      if (this.#sources.size >= settings.sources) this.#forget(now);
      if (this.#sources.size >= settings.sources) return false;
      this.#sources.set(source, window);
    }
    window.add(now);
    return window.count(now) <= settings.reportsPerHour;
  }

  #forget(now: number): void {
    for (const [source, window] of this.#sources) if (window.count(now) === 0) this.#sources.delete(source);
  }
}
