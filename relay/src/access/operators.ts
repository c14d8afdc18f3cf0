import { randomBytes } from 'node:crypto';
import { type Clock, Listeners, LiveletError } from '@livelet/core/wire';
import type { Kysely, Transaction } from 'kysely';
import type { Role } from '../api/route.js';
import type { Tables } from '../store/tables.js';
import type { OperatorTable } from './access-tables.js';

/** Somebody whose key the relay knows. */
export interface Operator {
  readonly id: string;
  /** base64url of 32 bytes. */
  readonly publicKey: string;
  readonly name: string;
  readonly role: Role;
  /** ms since 1970 */
  readonly enrolledAt: number;
  readonly revokedAt?: number;
}

/** What somebody is enrolled with. */
export interface NewOperator {
  readonly publicKey: string;
  readonly name: string;
  readonly role: Role;
}

/** More than this many make no sense, and all of them are in memory. */
const MAX_OPERATORS = 10_000;

/**
 * Everyone who has ever been enrolled. They are in memory, so that letting somebody in asks no database, and every
 * change is in force when it is answered. Changes are made inside a transaction by `change`, one at a time.
 */
export class Operators {
  readonly #clock: Clock;
  readonly #byId = new Map<string, Operator>();
  readonly #byKey = new Map<string, Operator>();
  readonly #revoked = new Listeners<string>();

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static async load(db: Kysely<Tables>, clock: Clock): Promise<Operators> {
    const operators = new Operators(clock);
    const rows = await db.selectFrom('operators').selectAll().execute();
    for (const row of rows) operators.#remember(fromRow(row));
    return operators;
  }

  byKey(publicKey: string): Operator | undefined {
    return this.#byKey.get(publicKey);
  }

  byId(id: string): Operator | undefined {
    return this.#byId.get(id);
  }

  /** In the order of their enrolment. */
  list(): readonly Operator[] {
    return [...this.#byId.values()].sort((one, other) => one.enrolledAt - other.enrolledAt);
  }

  hasAdmin(): boolean {
    return [...this.#byId.values()].some(isAdmin);
  }

  onRevoked(listener: (operator: string) => void): Disposable {
    return this.#revoked.add(listener);
  }

  /**
   * Lets a key in; a revoked operator who was invited again becomes the same operator.
   * @throws `enrolment-refused` when the key is in already, `relay-full`
   */
  async enrol(transaction: Transaction<Tables>, { publicKey, name, role }: NewOperator): Promise<Operator> {
    const known = this.#byKey.get(publicKey);
    if (known !== undefined && known.revokedAt === undefined) throw new LiveletError('enrolment-refused');
    if (known === undefined && this.#byId.size >= MAX_OPERATORS) throw new LiveletError('relay-full');
    const id = known?.id ?? randomBytes(6).toString('hex');
    const operator: Operator = { id, publicKey, name, role, enrolledAt: this.#clock.wallTime() };
    const row = toRow(operator);
    await transaction
      .insertInto('operators')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    return operator;
  }

  /** @throws `entry-unknown`, `last-admin` */
  async setRole(transaction: Transaction<Tables>, id: string, role: Role): Promise<Operator> {
    const operator = this.#active(id);
    if (role !== 'admin') this.#keepAnAdmin(operator);
    return this.#update(transaction, { ...operator, role });
  }

  /** @throws `entry-unknown`, `last-admin` */
  async revoke(transaction: Transaction<Tables>, id: string): Promise<Operator> {
    const operator = this.#active(id);
    this.#keepAnAdmin(operator);
    return this.#update(transaction, { ...operator, revokedAt: this.#clock.wallTime() });
  }

  /** Puts what a transaction wrote in force, once it is committed. */
  apply(operator: Operator): void {
    this.#remember(operator);
    if (operator.revokedAt !== undefined) this.#revoked.emit(operator.id);
  }

  #active(id: string): Operator {
    const operator = this.#byId.get(id);
    if (operator === undefined || operator.revokedAt !== undefined) throw new LiveletError('entry-unknown');
    return operator;
  }

  #keepAnAdmin(operator: Operator): void {
    const others = [...this.#byId.values()].some((other) => isAdmin(other) && other.id !== operator.id);
    if (isAdmin(operator) && !others) throw new LiveletError('last-admin');
  }

  async #update(transaction: Transaction<Tables>, operator: Operator): Promise<Operator> {
    const { id, ...row } = toRow(operator);
    await transaction.updateTable('operators').set(row).where('id', '=', id).execute();
    return operator;
  }

  #remember(operator: Operator): void {
    this.#byId.set(operator.id, operator);
    this.#byKey.set(operator.publicKey, operator);
  }
}

function isAdmin({ role, revokedAt }: Operator): boolean {
  return role === 'admin' && revokedAt === undefined;
}

function fromRow(row: OperatorTable): Operator {
  const { id, public_key: publicKey, name, role, enrolled_at: enrolledAt, revoked_at: revokedAt } = row;
  const operator = { id, publicKey, name, role, enrolledAt };
  return revokedAt === null ? operator : { ...operator, revokedAt };
}

function toRow(operator: Operator): OperatorTable {
  const { id, publicKey, name, role, enrolledAt, revokedAt = null } = operator;
  return { id, public_key: publicKey, name, role, enrolled_at: enrolledAt, revoked_at: revokedAt };
}
