import type { Clock } from '@livelet/core/wire';
import type { Access } from '../access/access.js';
import type { Route } from '../api/route.js';
import { reportRoutes } from '../reports/report-routes.js';
import type { RelaySettings } from '../settings.js';
import { archiveRoutes } from './archive-routes.js';
import type { SealedStore } from './sealed-store.js';

export interface KeptRoutesParts {
  readonly chats: SealedStore;
  readonly reports: SealedStore;
  readonly access: Pick<Access, 'changes' | 'audit' | 'operators'>;
  readonly deploymentId: string;
  readonly clock: Clock;
  readonly settings: RelaySettings;
}

/** The API's routes to all that is kept sealed. */
export function keptRoutes({ chats, reports, access, ...parts }: KeptRoutesParts): readonly Route[] {
  const { changes, audit, operators } = access;
  return [
    ...archiveRoutes({ ...parts, store: chats, changes, audit, operators }),
    ...reportRoutes({ ...parts, store: reports, changes, audit }),
  ];
}
