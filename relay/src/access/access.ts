import { join } from 'node:path';
import { ALLOCATE, type Clock, CloseReason, type ErrorCode, LiveletError } from '@livelet/core/wire';
import type { Route } from '../api/route.js';
import type { Store } from '../store/open-store.js';
import { accessRoutes } from './access-routes.js';
import { AuditLog } from './audit-log.js';
import { Changes } from './changes.js';
import { Enrolment } from './enrolment.js';
import { historyRoutes } from './history-routes.js';
import { Invitations } from './invitations.js';
import type { OperatorGate } from './operator-gate.js';
import { Operators } from './operators.js';
import { Organisation } from './organisation.js';
import { RequestJudge } from './request-judge.js';
import { SessionHistory, type SessionRecorder } from './session-history.js';
import type { Verifier } from './verify-signature.js';

export interface AccessOptions {
  readonly store: Store;
  /** Where `first-admin.token` is put while there is no administrator. */
  readonly stateDir: string;
  readonly deploymentId: string;
  readonly clock: Clock;
  /** A session could not be written into the history. */
  readonly onFailure: (error: unknown) => void;
  /** @default verifySignature */
  readonly verifier?: Verifier;
}

/** Who may do what at a relay, and what they did. */
export interface Access extends AsyncDisposable {
  readonly gate: OperatorGate;
  readonly judge: RequestJudge;
  readonly history: SessionRecorder;
  readonly operators: Operators;
  readonly changes: Changes;
  readonly audit: AuditLog;
  readonly routes: readonly Route[];
  /** Holds a one-time token while nobody is an administrator. */
  readonly firstAdminFile: string;
}

/** @throws `identity-unreadable` when others can read the first administrator's token */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { clock, deploymentId, verifier, onFailure } = options;
  const { db } = options.store;
  const firstAdminFile = join(options.stateDir, 'first-admin.token');
  const operators = await Operators.load(db, clock);
  const organisation = await Organisation.load(db);
  const changes = new Changes(db);
  const audit = new AuditLog(db, clock);
  const invitations = new Invitations(db, clock);
  const judge = new RequestJudge({ clock, operators, deploymentId, verifier });
  const history = new SessionHistory(db, clock, onFailure);
  const parts = { clock, changes, operators, invitations, organisation, audit, judge };
  const enrolment = new Enrolment({ ...parts, firstAdminFile });
  await enrolment.prepareFirstAdmin();
  return {
    gate: gateOf(judge, operators),
    judge,
    history,
    operators,
    changes,
    audit,
    routes: [enrolment.route, ...accessRoutes(parts), ...historyRoutes({ history, operators })],
    firstAdminFile,
    [Symbol.asyncDispose]: () => history[Symbol.asyncDispose](),
  };
}

const REFUSALS: ReadonlyMap<ErrorCode, CloseReason> = new Map<ErrorCode, CloseReason>([
  ['operator-not-enrolled', CloseReason.notEnrolled],
  ['operator-revoked', CloseReason.operatorRevoked],
  ['clock-wrong', CloseReason.clockWrong],
  ['relay-too-many-requests', CloseReason.tooManyRequests],
]);

function gateOf(judge: RequestJudge, operators: Operators): OperatorGate {
  return {
    admit: async (token, source) => {
      try {
        return { operator: judge.identify({ ...ALLOCATE, token, source }).caller.operator };
      } catch (error) {
        if (!(error instanceof LiveletError)) throw error;
        return { refused: REFUSALS.get(error.code) ?? CloseReason.tokenRefused };
      }
    },
    onRevoked: (listener) => operators.onRevoked(listener),
  };
}
