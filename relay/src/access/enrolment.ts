import { rm } from 'node:fs/promises';
import { type Clock, LiveletError, parseRequestToken, type RequestToken } from '@livelet/core/wire';
import { readPrivateFile, writeWholeFile } from '@livelet/program';
import { readJson, signatureOf } from '../api/read-call.js';
import { API_ROOT, type Route } from '../api/route.js';
import type { AuditLog } from './audit-log.js';
import { BackOff } from './back-off.js';
import type { Changes } from './changes.js';
import type { Invitations } from './invitations.js';
import type { Operator, Operators } from './operators.js';
import { readName } from './person-name.js';
import type { RequestJudge } from './request-judge.js';
import { checkKeyText } from './verify-signature.js';

const MAX_BODY = 1024;

export interface EnrolmentParts {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly operators: Operators;
  readonly invitations: Invitations;
  readonly audit: AuditLog;
  readonly judge: RequestJudge;
  /** Holds a token for the first administrator, while there is none. */
  readonly firstAdminFile: string;
}

/** Lets keys in: whoever has a one-time token, and the key that they sign with. */
export class Enrolment {
  readonly #parts: EnrolmentParts;
  /** Wrong tokens of one source. */
  readonly #backOff: BackOff;

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.clock, { free: 5, firstMs: 10_000, longestMs: 3_600_000 });
  }

  /** Sees to it that somebody can become the first administrator: the file holds a good token, or isn't there. */
  async prepareFirstAdmin(): Promise<void> {
    const { operators, invitations, changes, audit, firstAdminFile } = this.#parts;
    if (operators.hasAdmin()) {
      await rm(firstAdminFile, { force: true });
      return;
    }
    const token = (await readPrivateFile(firstAdminFile))?.trim();
    if (token !== undefined && (await invitations.knows(token))) return;
    await changes.make(async (transaction) => {
      const made = await invitations.create(transaction, { name: '', role: 'admin' });
      const details = { invitation: made.invitation.id, role: 'admin' };
      await audit.append(transaction, { actor: 'relay', action: 'invitation.created', details });
      await writeWholeFile(firstAdminFile, `${made.token}\n`);
    });
  }

  readonly route: Route = {
    method: 'POST',
    path: '/enrol',
    who: 'anyone',
    maxBody: MAX_BODY,
    handle: async ({ authorization, body, source }) => {
      if (this.#backOff.blocks(source)) throw new LiveletError('relay-too-many-requests');
      const signed = parseRequestToken(signatureOf(authorization));
      if (signed === undefined) throw new LiveletError('relay-token-refused');
      const { token, name } = readJson(body);
      // Before any cryptography: who has no token costs a look into a table.
      if (typeof token !== 'string' || token.length > 128 || !(await this.#parts.invitations.knows(token))) {
        throw this.#refuse(source);
      }
      this.#prove(signed, body, source);
      const { id, name: enrolledAs, role } = await this.#enrol(signed.publicKey, token, name, source);
      return { status: 201, json: { operator: id, name: enrolledAs, role } };
    },
  };

  #prove(signed: RequestToken, body: Buffer, source: string): void {
    try {
      checkKeyText(signed.publicKey);
    } catch (cause) {
      throw new LiveletError('relay-token-refused', 'not a good key', { cause });
    }
    const { judge } = this.#parts;
    const { method, path } = this.route;
    judge.prove(signed, { method, path: `${API_ROOT}${path}`, source });
    judge.checkBody(signed.bodyHash, body);
  }

  async #enrol(publicKey: string, token: string, ownName: unknown, source: string): Promise<Operator> {
    const { changes, invitations, operators, audit, firstAdminFile } = this.#parts;
    try {
      const operator = await changes.make(
        async (transaction) => {
          const { id: invitation, name: invitedAs, role } = await invitations.take(transaction, token);
          const name = invitedAs === '' ? readName(ownName) : invitedAs;
          const enrolled = await operators.enrol(transaction, { publicKey, name, role });
          const details = { invitation, name, role };
          await audit.append(transaction, { actor: enrolled.id, action: 'operator.enrolled', details });
          return enrolled;
        },
        (enrolled) => operators.apply(enrolled),
      );
      if (operators.hasAdmin()) await rm(firstAdminFile, { force: true });
      return operator;
    } catch (error) {
      if (error instanceof LiveletError && error.code === 'enrolment-refused') throw this.#refuse(source);
      throw error;
    }
  }

  #refuse(source: string): LiveletError {
    this.#backOff.failed(source);
    return new LiveletError('enrolment-refused');
  }
}
