import { fingerprint, LiveletError } from '@livelet/core/wire';
import type { Transaction } from 'kysely';
import { readJson, readNumber } from '../api/read-call.js';
import type { ApiCall, Caller, Role, Route } from '../api/route.js';
import type { Tables } from '../store/tables.js';
import type { AuditedAction, AuditHead, AuditLog } from './audit-log.js';
import type { Changes } from './changes.js';
import { INVITATION_LIFETIME, type Invitations } from './invitations.js';
import type { Operator, Operators } from './operators.js';
import type { Organisation } from './organisation.js';
import { readName } from './person-name.js';

const MAX_BODY = 1024;

export interface AccessRouteParts {
  readonly changes: Changes;
  readonly operators: Operators;
  readonly invitations: Invitations;
  readonly organisation: Organisation;
  readonly audit: AuditLog;
  readonly clock: { wallTime(): number };
}

/** Who may do what at this relay: asked by everyone about themselves, changed by administrators, each change audited. */
export function accessRoutes(parts: AccessRouteParts): Route[] {
  const { changes, operators, invitations, organisation, audit } = parts;

  /** One change by an administrator, with its entry in the audit log. */
  const change = <T>(
    call: ApiCall,
    work: (transaction: Transaction<Tables>) => Promise<{
      readonly result: T;
      readonly action: string;
      readonly details: AuditedAction['details'];
    }>,
    apply: (result: T) => void = () => {},
  ): Promise<T> => {
    const actor = (call.caller as Caller).operator;
    return changes.make(async (transaction) => {
      // Somebody may have taken this administrator's rights while the call waited for its turn.
      const now = operators.byId(actor);
      if (now?.role !== 'admin' || now.revokedAt !== undefined) throw new LiveletError('admin-required');
      const { result, action, details } = await work(transaction);
      await audit.append(transaction, { actor, action, details });
      return result;
    }, apply);
  };

  /** Invitations that somebody made end with their right to make any: else they could let themselves in again. */
  const cancelInvitationsOf = async (
    transaction: Transaction<Tables>,
    maker: string,
    actor: string,
  ): Promise<void> => {
    const since = parts.clock.wallTime() - INVITATION_LIFETIME;
    const done = await audit.done(transaction, maker, 'invitation.created', Math.floor(since));
    const made = new Set(done.map(({ invitation }) => invitation));
    for (const { id } of await invitations.list(transaction)) {
      if (!made.has(id)) continue;
      await invitations.cancel(transaction, id);
      await audit.append(transaction, { actor, action: 'invitation.cancelled', details: { invitation: id } });
    }
  };

  const changeOperator = async (
    call: ApiCall,
    action: string,
    work: (transaction: Transaction<Tables>, id: string) => Promise<Operator>,
  ): Promise<Operator> => {
    return change(
      call,
      async (transaction) => {
        const result = await work(transaction, call.params.id ?? '');
        if (result.role !== 'admin' || result.revokedAt !== undefined) {
          await cancelInvitationsOf(transaction, result.id, (call.caller as Caller).operator);
        }
        const details = { operator: result.id, name: result.name, role: result.role };
        return { result, action, details };
      },
      (operator) => operators.apply(operator),
    );
  };

  return [
    {
      method: 'GET',
      path: '/time',
      who: 'anyone',
      maxBody: 0,
      handle: async () => ({ status: 200, json: { time: Math.floor(parts.clock.wallTime()) } }),
    },
    {
      method: 'GET',
      path: '/me',
      who: 'operator',
      maxBody: 0,
      handle: async ({ caller }) => ({
        status: 200,
        json: { ...caller, organisation: organisation.name },
      }),
    },
    {
      method: 'PUT',
      path: '/organisation',
      who: 'admin',
      maxBody: MAX_BODY,
      handle: async (call) => {
        const name = readName(readJson(call.body).name);
        await change(
          call,
          async (transaction) => {
            await organisation.rename(transaction, name);
            return { result: undefined, action: 'organisation.renamed', details: { name } };
          },
          () => organisation.apply(name),
        );
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/operators',
      who: 'admin',
      maxBody: 0,
      handle: async () => ({ status: 200, json: { operators: operators.list().map(listed) } }),
    },
    {
      method: 'PUT',
      path: '/operators/:id/role',
      who: 'admin',
      maxBody: MAX_BODY,
      handle: async (call) => {
        const role = readRole(readJson(call.body).role);
        const operator = await changeOperator(call, 'operator.role', (transaction, id) =>
          operators.setRole(transaction, id, role),
        );
        return { status: 200, json: operator };
      },
    },
    {
      method: 'POST',
      path: '/operators/:id/revoke',
      who: 'admin',
      maxBody: 0,
      handle: async (call) => {
        const operator = await changeOperator(call, 'operator.revoked', (transaction, id) =>
          operators.revoke(transaction, id),
        );
        return { status: 200, json: operator };
      },
    },
    {
      method: 'GET',
      path: '/invitations',
      who: 'admin',
      maxBody: 0,
      handle: async () => ({ status: 200, json: { invitations: await invitations.list() } }),
    },
    {
      method: 'POST',
      path: '/invitations',
      who: 'admin',
      maxBody: MAX_BODY,
      handle: async (call) => {
        const wanted = readJson(call.body);
        const name = readName(wanted.name);
        const role = readRole(wanted.role);
        const { invitation, token } = await change(call, async (transaction) => {
          const result = await invitations.create(transaction, { name, role });
          const details = { invitation: result.invitation.id, name, role };
          return { result, action: 'invitation.created', details };
        });
        return { status: 201, json: { ...invitation, token } };
      },
    },
    {
      method: 'DELETE',
      path: '/invitations/:id',
      who: 'admin',
      maxBody: 0,
      handle: async (call) => {
        const { id = '' } = call.params;
        await change(call, async (transaction) => {
          await invitations.cancel(transaction, id);
          return { result: undefined, action: 'invitation.cancelled', details: { invitation: id } };
        });
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/audit',
      who: 'admin',
      maxBody: 0,
      handle: async ({ query }) => {
        const before = readNumber(query, 'before', undefined);
        const limit = readNumber(query, 'limit', undefined);
        return { status: 200, json: { entries: await audit.list(before, limit) } };
      },
    },
    {
      method: 'GET',
      path: '/audit/verify',
      who: 'admin',
      maxBody: 0,
      handle: async ({ query }) => ({ status: 200, json: await audit.verify(readHead(query)) }),
    },
  ];
}

/** The head that somebody noted earlier. */
function readHead(query: URLSearchParams): AuditHead | undefined {
  const seq = readNumber(query, 'seq', undefined);
  const hash = query.get('hash');
  if (seq === undefined && hash === null) return undefined;
  if (seq !== undefined && hash !== null && /^[0-9a-f]{64}$/.test(hash)) return { seq, hash };
  throw new LiveletError('request-invalid', 'a head', { data: { field: 'hash' } });
}

function readRole(value: unknown): Role {
  if (value === 'admin' || value === 'operator') return value;
  throw new LiveletError('request-invalid', 'a role', { data: { field: 'role' } });
}

/** With what people compare, as their own programs show it. */
function listed(operator: Operator): Operator & { readonly fingerprint: string } {
  return { ...operator, fingerprint: fingerprint(Buffer.from(operator.publicKey, 'base64url')) };
}
