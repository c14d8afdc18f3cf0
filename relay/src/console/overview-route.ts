import type { Route } from '../api/route.js';
import type { RelayFigures } from '../observe/metrics.js';
import type { Readiness } from '../observe/readiness.js';

export interface OverviewParts {
  readonly readiness: Readiness;
  readonly figures: () => RelayFigures;
  /** What it is called and where it stands. */
  readonly facts: () => {
    readonly relayUrl: string;
    readonly region?: string | undefined;
    readonly engine: string;
    readonly version: string;
  };
  /** Sealed things that are kept. */
  readonly kept: () => Promise<{ readonly reports: number; readonly chats: number }>;
}

/** `GET /overview`: how the relay is, in numbers that route nowhere. */
export function overviewRoute({ readiness, figures, facts, kept }: OverviewParts): Route {
  return {
    method: 'GET',
    path: '/overview',
    who: 'admin',
    maxBody: 0,
    handle: async () => {
      const { sessions, codes, resumes, memoryShare, certificateEndsAt } = figures();
      const now = { sessions, codes, resumes, memoryShare, certificateEndsAt };
      const checks = await readiness.report();
      return { status: 200, json: { checks, ...now, ...facts(), ...(await kept()) } };
    },
  };
}
