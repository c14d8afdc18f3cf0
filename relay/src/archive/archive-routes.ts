import {
  type Clock,
  checkEnvelope,
  GRANT_SCHEME,
  LiveletError,
  MAX_ENVELOPE,
  PART_ID,
  verifyArchiveGrant,
} from '@livelet/core/wire';
import { BackOff } from '../access/back-off.js';
import type { Operators } from '../access/operators.js';
import type { ApiAnswer, ApiCall, Route } from '../api/route.js';
import type { RelaySettings } from '../settings.js';
import { type SealedRoutesParts, sealedRoutes } from './sealed-routes.js';
import type { SealedArrival, SealedRoom } from './sealed-store.js';

export interface ArchiveParts extends SealedRoutesParts {
  readonly clock: Clock;
  readonly settings: Pick<RelaySettings, 'archiveItems' | 'archiveBytes'>;
  readonly operators: Pick<Operators, 'byKey'>;
  readonly deploymentId: string;
}

/**
 * Where both ends of a session hand in their transcripts, sealed: `PUT /archive/<id>` for operators, who sign their
 * requests, and `PUT /archive/granted/<id>` for customers, who have a right that an operator signed.
 */
export function archiveRoutes(parts: ArchiveParts): readonly Route[] {
  const granted = new GrantedArrivals(parts);
  const put = { method: 'PUT', maxBody: MAX_ENVELOPE.chat } as const;
  return [
    {
      ...put,
      path: '/archive/:id',
      who: 'operator',
      handle: (call) => {
        const operator = call.caller?.operator ?? '';
        return keep(parts, call, { owner: `operator:${operator}`, operator });
      },
    },
    {
      ...put,
      path: '/archive/granted/:id',
      who: 'anyone',
      enter: (call) => granted.enter(call),
      handle: (call) => granted.handle(call),
    },
    ...sealedRoutes('/archive', 'chat', parts),
  ];
}

/** What comes from customers: nobody knows them, so an operator who is known has vouched for them. */
class GrantedArrivals {
  readonly #parts: ArchiveParts;
  /** Wrong grants of one source: judging one costs a signature. */
  readonly #backOff: BackOff;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.clock, { free: 5, firstMs: 10_000, longestMs: 3_600_000 });
  }

  /** A stranger's body isn't read at all. */
  enter(call: Pick<ApiCall, 'source' | 'authorization'>): undefined {
    if (this.#backOff.blocks(call.source)) throw new LiveletError('relay-too-many-requests');
    try {
      this.#judge(call);
    } catch (error) {
      this.#backOff.failed(call.source);
      throw error;
    }
  }

  async handle(call: ApiCall): Promise<ApiAnswer> {
    const { operator, session, maxBytes } = this.#judge(call);
    return keep(this.#parts, call, { owner: `session:${operator}:${session}`, operator }, maxBytes);
  }

  /** The cheap questions first: a key that nobody enrolled costs no signature. */
  #judge({ authorization = '' }: Pick<ApiCall, 'authorization'>): {
    operator: string;
    session: string;
    maxBytes: number;
  } {
    const { operators, deploymentId, clock } = this.#parts;
    const [scheme, token = ''] = authorization.split(' ', 2);
    const operator = scheme === GRANT_SCHEME ? operators.byKey(token.split('.', 1)[0] ?? '') : undefined;
    if (operator === undefined || operator.revokedAt !== undefined) {
      throw new LiveletError('archive-grant-refused', 'not from a known operator');
    }
    const { session, maxBytes, notAfter } = verifyArchiveGrant(token, deploymentId);
    if (clock.wallTime() > notAfter) throw new LiveletError('archive-grant-refused', 'expired');
    return { operator: operator.id, session, maxBytes };
  }
}

async function keep(
  { store, settings }: ArchiveParts,
  { params, body }: ApiCall,
  sender: Pick<SealedArrival, 'owner' | 'operator'>,
  ownerBytes?: number,
): Promise<ApiAnswer> {
  const { id = '' } = params;
  if (!PART_ID.test(id)) throw new LiveletError('request-invalid', 'id', { data: { field: 'id' } });
  checkEnvelope('chat', body);
  const room: SealedRoom = {
    items: settings.archiveItems,
    bytes: settings.archiveBytes,
    ...(ownerBytes === undefined ? {} : { ownerBytes }),
  };
  const isNew = await store.put({ ...sender, id, envelope: body }, room);
  return { status: isNew ? 201 : 200, json: { new: isNew } };
}
