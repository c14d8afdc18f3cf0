import { createHash } from 'node:crypto';
import { checkEnvelope, MAX_ENVELOPE } from '@livelet/core/wire';
import type { Route } from '../api/route.js';
import { type SealedRoutesParts, sealedRoutes } from '../archive/sealed-routes.js';
import type { RelaySettings } from '../settings.js';
import { type ArrivalParts, ReportArrivals } from './report-arrivals.js';

export interface ReportParts extends SealedRoutesParts, ArrivalParts {
  readonly settings: ArrivalParts['settings'] & Pick<RelaySettings, 'reportItems' | 'reportBytes'>;
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
      enter: ({ source }, refuse) => arrivals.enter(source, refuse),
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
