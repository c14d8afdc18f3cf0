import type { Access } from '../access/access.js';
import { type ApiParts, ApiRouter } from '../api/api-router.js';
import type { Caller, Route } from '../api/route.js';
import { AdminConsole, CONSOLE_SCHEME } from '../console/admin-console.js';
import { loadConsoleFiles } from '../console/console-files.js';
import { type OverviewParts, overviewRoute } from '../console/overview-route.js';
import type { AddressList } from '../entrance/address-list.js';
import { KnownAddresses } from '../entrance/known-addresses.js';
import type { TrustedProxies } from '../entrance/source.js';
import type { RelayMetrics } from '../observe/metrics.js';
import { Observer } from '../observe/observer.js';
import { HttpDesk } from './http-desk.js';

export interface DeskOptions extends OverviewParts, Pick<ApiParts, 'clock' | 'settings'> {
  readonly access: Access;
  readonly metrics: RelayMetrics;
  /** Who may read the metrics. */
  readonly metricsFrom: AddressList;
  /** For whom there is a console. */
  readonly adminFrom: AddressList;
  readonly proxies: TrustedProxies;
  /** What the relay's other parts answer, besides `access`. */
  readonly routes: readonly Route[];
  /** A mistake of ours, which whoever asks isn't told. */
  readonly onFailure: (error: unknown) => void;
}

/** Everything that is answered over HTTP: health, metrics, the API and the console. */
export async function openDesk(options: DeskOptions): Promise<HttpDesk> {
  const { clock, settings, access, metrics, metricsFrom, adminFrom, proxies, readiness, onFailure } = options;
  const { operators, changes, audit, judge, gate } = access;
  const addresses = new KnownAddresses(proxies);
  const admin = (id: string): Caller | undefined => {
    const operator = operators.byId(id);
    if (operator?.role !== 'admin' || operator.revokedAt !== undefined) return undefined;
    return { operator: id, name: operator.name, role: 'admin' };
  };
  const console = new AdminConsole({
    clock,
    adminFrom,
    files: await loadConsoleFiles(),
    addressOf: (request) => addresses.of(request),
    admin,
    signedIn: ({ operator }) =>
      changes.make((transaction) =>
        audit.append(transaction, { actor: operator, action: 'console.signed-in', details: {} }),
      ),
  });
  gate.onRevoked((operator) => console.revoke(operator));
  const routes = [...access.routes, ...options.routes, console.route, overviewRoute(options)];
  const api = new ApiRouter({
    judge,
    clock,
    settings,
    routes,
    schemes: { [CONSOLE_SCHEME]: console.scheme },
    onFailure,
  });
  const observer = new Observer({ metrics, metricsFrom, readiness });
  return new HttpDesk({ clock, observer, console, api, addresses, onFailure });
}
