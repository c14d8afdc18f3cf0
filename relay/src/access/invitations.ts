import { createHash, randomBytes } from 'node:crypto';
import { type Clock, LiveletError } from '@livelet/core/wire';
import type { Kysely, Transaction } from 'kysely';
import type { Role } from '../api/route.js';
import type { Tables } from '../store/tables.js';

const DAY = 24 * 60 * 60 * 1000;
/** How long an invitation is good, ms. */
export const INVITATION_LIFETIME = 7 * DAY;
/** How long the note of a used or expired one is kept, ms. */
const KEPT = 30 * DAY;
/** Open at once. */
const MAX_OPEN = 1000;
const TOKEN_BYTES = 32;

/** Somebody who may enrol once. */
export interface Invitation {
  readonly id: string;
  /** Empty: whoever enrols names themselves. */
  readonly name: string;
  readonly role: Role;
  /** ms since 1970 */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** One-time tokens that let a key in. Only their hashes are kept. */
export class Invitations {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * @returns the invitation and its token, base64url of 32 random bytes, which nobody can read again
   * @throws `relay-full` when 1,000 are open
   */
  async create(
    transaction: Transaction<Tables>,
    { name, role }: { readonly name: string; readonly role: Role },
  ): Promise<{ readonly invitation: Invitation; readonly token: string }> {
    const createdAt = Math.floor(this.#clock.wallTime());
    await transaction
      .deleteFrom('invitations')
      .where('expires_at', '<', createdAt - KEPT)
      .execute();
    const { open } = await transaction
      .selectFrom('invitations')
      .select(({ fn }) => fn.countAll().as('open'))
      .where('used_at', 'is', null)
      .where('expires_at', '>', createdAt)
      .executeTakeFirstOrThrow();
    if (Number(open) >= MAX_OPEN) throw new LiveletError('relay-full', 'too many open invitations');
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const id = randomBytes(6).toString('hex');
    const invitation = { id, name, role, createdAt, expiresAt: createdAt + INVITATION_LIFETIME };
    const row = {
      id,
      token_hash: hashOf(token),
      name,
      role,
      created_at: createdAt,
      expires_at: invitation.expiresAt,
      used_at: null,
    };
    await transaction.insertInto('invitations').values(row).execute();
    return { invitation, token };
  }

  /** Those that can still be used, newest first. */
  async list(db: Kysely<Tables> = this.#db): Promise<readonly Invitation[]> {
    const rows = await db
      .selectFrom('invitations')
      .selectAll()
      .where('used_at', 'is', null)
      .where('expires_at', '>', this.#clock.wallTime())
      .orderBy('created_at', 'desc')
      .limit(MAX_OPEN)
      .execute();
    return rows.map(({ id, name, role, created_at: createdAt, expires_at: expiresAt }) => {
      return { id, name, role, createdAt, expiresAt };
    });
  }

  /** @throws `entry-unknown`, also when it was used */
  async cancel(transaction: Transaction<Tables>, id: string): Promise<void> {
    const { numDeletedRows } = await transaction
      .deleteFrom('invitations')
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    if (numDeletedRows !== 1n) throw new LiveletError('entry-unknown');
  }

  /** Whether `token` can be used now; changes nothing. */
  async knows(token: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('invitations')
      .select('id')
      .where('token_hash', '=', hashOf(token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', this.#clock.wallTime())
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Uses `token` up. @throws `enrolment-refused` for an unknown, used or expired one */
  async take(
    transaction: Transaction<Tables>,
    token: string,
  ): Promise<{ readonly id: string; readonly name: string; readonly role: Role }> {
    const now = Math.floor(this.#clock.wallTime());
    const hash = hashOf(token);
    const { numUpdatedRows } = await transaction
      .updateTable('invitations')
      .set({ used_at: now })
      .where('token_hash', '=', hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new LiveletError('enrolment-refused');
    return transaction
      .selectFrom('invitations')
      .select(['id', 'name', 'role'])
      .where('token_hash', '=', hash)
      .executeTakeFirstOrThrow();
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
