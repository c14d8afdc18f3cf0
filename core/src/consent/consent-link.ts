import type { Remote, RpcService, ServicePath } from '../channel/streams.js';
import { asLiveletError, LiveletError } from '../errors.js';
import { Listeners } from '../listeners.js';
import { CAPABILITIES, type Capability, isCapability } from './capability.js';
import type { Grant, GrantState } from './grants.js';
import { type GrantKeeper, MAX_GRANT_DURATION } from './own-grants.js';
import type { GrantMirror, SentGrant } from './peer-grants.js';

/** Built into every session at both ends; needs no capability. */
export const CONSENT_PATH: ServicePath = '/livelet/consent/1';

/** How long the peer may take to take a change of grants, while the ends can hear each other, ms. */
const CHANGED_DEADLINE = 45_000;

/** Changes of grants in one message. */
const MAX_CHANGES = 2 * CAPABILITIES.length;

const STATES: ReadonlySet<unknown> = new Set<GrantState>([
  'none',
  'asked',
  'granted',
  'denied',
  'revoked',
  'expired',
]);

/** What each end's consent service answers. */
export interface ConsentService {
  /**
   * Puts a question to the person there. Answered at once; the person's answer comes by `changed`.
   * @throws `not-granted`, `request-too-soon`
   */
  ask(parameter: { readonly capability: Capability }): void;
  /** The grants that changed at the caller's end, each as it is now. */
  changed(parameter: { readonly grants: readonly SentGrant[] }): void;
}

export interface ConsentLinkOptions {
  readonly own: GrantKeeper;
  readonly peer: GrantMirror;
  readonly remote: Remote<ConsentService>;
  /** Milliseconds since 1970, for what remains of timed grants. */
  readonly wallTime: () => number;
  /** The peer didn't take a change of grants: the two ends no longer agree on what is allowed. */
  readonly failed: (error: LiveletError) => void;
}

/** Carries questions and grants between the two ends. */
export class ConsentLink {
  /** What the peer may call. */
  readonly service: RpcService;
  readonly #own: GrantKeeper;
  readonly #peer: GrantMirror;
  readonly #remote: Remote<ConsentService>;
  readonly #wallTime: () => number;
  readonly #failed: (error: LiveletError) => void;
  readonly #asked = new Listeners<Capability>();
  /** Changed since the last message, in order: both receipts tell each of them. */
  #changed: readonly Grant[] = [];
  #pushing = false;
  #closed = false;

  constructor({ own, peer, remote, wallTime, failed }: ConsentLinkOptions) {
    this.#own = own;
    this.#peer = peer;
    this.#remote = remote;
    this.#wallTime = wallTime;
    this.#failed = failed;
    this.service = {
      ask: (parameter: unknown) => this.#receiveAsk(parameter),
      changed: (parameter: unknown) => this.#receiveChanged(parameter),
    };
    own.onChange((grant) => {
      if (this.#closed) return;
      this.#changed = atMostOneMessage([...this.#changed, grant]);
      void this.#push();
    });
  }

  /** @throws `not-granted`, `request-too-soon`, and those of Remote */
  async ask(capability: Capability, signal?: AbortSignal): Promise<void> {
    await this.#remote.ask({ capability }, signal ? { signal } : {});
  }

  /** Also tells, soon after, what was asked before and still has no answer. */
  onAsked(listener: (capability: Capability) => void): Disposable {
    const listening = new DisposableStack();
    listening.use(this.#asked.add(listener));
    const unanswered = this.#own.all().filter(({ state }) => state === 'asked');
    queueMicrotask(() => {
      for (const { capability } of unanswered) {
        if (!listening.disposed && this.#own.get(capability).state === 'asked') listener(capability);
      }
    });
    return listening;
  }

  /** Sends what still waits for the answer to what was sent before it, so that the end can be said after it. */
  flush(): void {
    if (this.#changed.length > 0) void this.#send().catch(() => {});
  }

  /** Tells nothing more: what is taken back from here on is the end's doing, and the peer's end does the same. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  async #push(): Promise<void> {
    if (this.#pushing) return;
    this.#pushing = true;
    try {
      while (this.#changed.length > 0) await this.#send();
    } catch (error) {
      this.#failed(asLiveletError(error));
    } finally {
      this.#pushing = false;
    }
  }

  async #send(): Promise<void> {
    const grants = this.#changed.map((grant) => this.#sent(grant));
    this.#changed = [];
    await this.#remote.changed({ grants }, { deadline: CHANGED_DEADLINE });
  }

  #sent({ capability, state, until, spent }: Grant): SentGrant {
    const grant = { capability, state, ...(spent && { spent }) };
    return until === undefined ? grant : { ...grant, remainingMs: Math.max(0, until - this.#wallTime()) };
  }

  #receiveAsk(parameter: unknown): void {
    const { capability } = asObject(parameter);
    if (!isCapability(capability)) throw new LiveletError('not-granted', 'unknown capability');
    if (this.#own.ask(capability)) this.#asked.emit(capability);
  }

  #receiveChanged(parameter: unknown): void {
    const { grants } = asObject(parameter);
    if (!Array.isArray(grants) || grants.length > MAX_CHANGES) throw malformed();
    for (const grant of grants.map(readGrant)) if (grant) this.#peer.update(grant);
  }
}

/** While nothing can be sent, more changes than that leave only the last of each capability. */
function atMostOneMessage(changed: readonly Grant[]): readonly Grant[] {
  if (changed.length <= MAX_CHANGES) return changed;
  return [...new Map(changed.map((grant) => [grant.capability, grant])).values()];
}

/** Undefined for a capability that this version doesn't know. */
function readGrant(value: unknown): SentGrant | undefined {
  const { capability, state, remainingMs, spent } = asObject(value);
  if (!STATES.has(state)) throw malformed();
  if (!isCapability(capability)) return undefined;
  const grant = {
    capability,
    state: state as GrantState,
    ...(state === 'expired' && spent === true && { spent }),
  };
  if (remainingMs === undefined) return grant;
  if (typeof remainingMs !== 'number' || !(remainingMs >= 0 && remainingMs <= MAX_GRANT_DURATION)) {
    throw malformed();
  }
  return { ...grant, remainingMs };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw malformed();
  return value as Readonly<Record<string, unknown>>;
}

function malformed(): LiveletError {
  return new LiveletError('message-malformed', 'a message about consent');
}
