import { userInfo } from 'node:os';
import { asLiveletError, type Clock, LiveletError, type RelayApi } from '@livelet/core';
import type { CustomerNames } from './customer-names.js';
import type { AccountShown, SessionShown } from './page-protocol.js';

/** How long after a session the relay may need to know its end, ms. */
const END_NOTED = 2000;

export interface AccountOptions {
  readonly api: RelayApi;
  readonly clock: Clock;
  readonly names: CustomerNames;
  /** What the operator wants to be called. @default as the invitation said */
  readonly name?: string | undefined;
  /** A token that lets this computer in, if it isn't yet. */
  readonly enrolmentToken?: string | undefined;
}

/**
 * What the relay knows of this operator: whether it lets them in, and the sessions of today with their notes. The
 * customers' names stay on this computer: the relay isn't told them.
 */
export class RelayAccount implements Disposable {
  readonly #options: AccountOptions;
  readonly #over = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** Sessions of this run of the program: the end of others is known, or never will be. */
  readonly #known = new Set<string>();
  #shown: AccountShown = { state: 'checking', sessions: [] };
  #later: Disposable | undefined;
  /** The relay's id of the session that runs, once it is known. */
  #running: Promise<string | undefined> = Promise.resolve(undefined);
  #started: Promise<void> = Promise.resolve();
  #enrolledName: string | undefined;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  get shown(): AccountShown {
    return this.#shown;
  }

  /** What customers see: the name that was chosen here, else the one on the invitation, else the account's of this computer. */
  get name(): string {
    return this.#options.name ?? this.#enrolledName ?? userInfo().username;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Asks the relay who this is, enrols with the token that the program was given, and loads today's sessions. */
  start(): void {
    this.#started = this.#start();
  }

  /** Resolves when `start` is done: before that, this computer may be about to be let in. */
  get started(): Promise<void> {
    return this.#started;
  }

  /** Lets this computer's key in with a one-time token; what is wrong with it is shown. */
  async enrol(token: string): Promise<void> {
    this.#show({ state: 'enrolling', sessions: [] });
    try {
      const { api } = this.#options;
      await api.call('POST', '/enrol', { token: token.trim(), name: this.name }, this.#over.signal);
    } catch (error) {
      this.#show({ state: 'not-enrolled', problem: asLiveletError(error).code, sessions: [] });
      return;
    }
    await this.refresh();
  }

  /** Brings what is shown up to date. */
  async refresh(): Promise<void> {
    const { api } = this.#options;
    const { signal } = this.#over;
    try {
      const { name } = (await api.call('GET', '/me', undefined, signal)) as { readonly name: string };
      const { sessions } = (await api.call('GET', `/history?from=${this.#today()}`, undefined, signal)) as {
        readonly sessions: readonly SessionShown[];
      };
      this.#enrolledName = name;
      this.#show({ state: 'enrolled', name, sessions: sessions.map((session) => this.#named(session)) });
    } catch (error) {
      this.#failed(asLiveletError(error));
    }
  }

  /** A session with `customer` runs. Its name is kept at once: this program may be ended at any time. */
  sessionBegan(customer: string): void {
    this.#running = this.#name(customer, {}, ({ running }) => running === true);
  }

  /** It is over. Where the relay couldn't be asked before, it is the newest one that it knows. */
  async sessionEnded(customer: string): Promise<void> {
    const id = await this.#running;
    this.#running = Promise.resolve(undefined);
    if (id === undefined) await this.#name(customer, { ended: true }, () => true);
    else {
      this.#options.names.set(id, { customer, ended: true });
      await this.refresh();
    }
    if (this.#shown.sessions.every(({ running }) => !running)) return;
    this.#later?.[Symbol.dispose]();
    this.#later = this.#options.clock.setTimer(END_NOTED, () => void this.refresh());
  }

  /** @throws what the relay says, such as `relay-unreachable`, `request-invalid` */
  async setNote(id: string, note: string): Promise<void> {
    const { api } = this.#options;
    const path = `/history/${encodeURIComponent(id)}/note`;
    await this.#reachable(api.call('PUT', path, { note }, this.#over.signal));
    const sessions = this.#shown.sessions.map((session) =>
      session.id === id ? { ...session, note } : session,
    );
    this.#show({ ...this.#shown, sessions });
  }

  /** All of this operator's sessions that the relay keeps. @throws what the relay says */
  async export(format: 'csv' | 'json'): Promise<string> {
    const { api } = this.#options;
    const path = `/history/export?format=${format}`;
    return new TextDecoder().decode(await this.#reachable(api.download(path, this.#over.signal)));
  }

  [Symbol.dispose](): void {
    this.#later?.[Symbol.dispose]();
    this.#listeners.clear();
    this.#over.abort(new LiveletError('cancelled'));
  }

  async #start(): Promise<void> {
    await this.refresh();
    const { enrolmentToken } = this.#options;
    if (this.#shown.state === 'not-enrolled' && enrolmentToken !== undefined)
      await this.enrol(enrolmentToken);
  }

  /** Shows it when `work` fails because the relay doesn't answer. */
  async #reachable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      const error = asLiveletError(cause);
      if (error.code === 'relay-unreachable' || error.code === 'relay-closed') this.#failed(error);
      throw error;
    }
  }

  #failed({ code }: LiveletError): void {
    const { sessions } = this.#shown;
    if (code === 'cancelled') return;
    if (code === 'operator-not-enrolled') this.#show({ state: 'not-enrolled', sessions: [] });
    else if (code === 'operator-revoked') this.#show({ state: 'revoked', sessions: [] });
    else this.#show({ state: 'offline', problem: code, sessions });
  }

  /** Names the newest session that has no name yet and `fits`. @returns its id */
  async #name(
    customer: string,
    state: { readonly ended?: true },
    fits: (session: SessionShown) => boolean,
  ): Promise<string | undefined> {
    await this.refresh();
    const { names } = this.#options;
    const newest = this.#shown.sessions.find((session) => !names.get(session.id) && fits(session));
    if (newest === undefined) return undefined;
    names.set(newest.id, { customer, ...state });
    this.#known.add(newest.id);
    this.#show({ ...this.#shown, sessions: this.#shown.sessions.map((session) => this.#named(session)) });
    return newest.id;
  }

  #named(session: SessionShown): SessionShown {
    const { customer, ended } = this.#options.names.get(session.id) ?? {};
    if (customer === undefined) return session;
    const isBroken = ended !== true && !this.#known.has(session.id);
    return { ...session, customer, ...(isBroken && { withoutReceipt: true }) };
  }

  /** Midnight by this computer's clock, ms since 1970. */
  #today(): number {
    return new Date(this.#options.clock.wallTime()).setHours(0, 0, 0, 0);
  }

  #show(shown: AccountShown): void {
    if (this.#over.signal.aborted) return;
    this.#shown = shown;
    for (const listener of [...this.#listeners]) listener();
  }
}
