import {
  bodyHash,
  type Clock,
  LiveletError,
  parseRequestToken,
  type RequestTarget,
  type RequestToken,
  signedBytes,
} from '@livelet/core/wire';
import type { Caller } from '../api/route.js';
import { BackOff } from './back-off.js';
import type { Operators } from './operators.js';
import { UsedNonces } from './used-nonces.js';
import { type Verifier, verifySignature } from './verify-signature.js';

/** How far a request's time may be from the relay's, ms. */
const CLOCK_WINDOW = 60_000;

export interface JudgeParts {
  readonly clock: Clock;
  readonly operators: Operators;
  readonly deploymentId: string;
  /** @default verifySignature */
  readonly verifier?: Verifier | undefined;
}

/** What a request is judged by. */
export interface JudgedRequest extends Omit<RequestTarget, 'deploymentId'> {
  /** The token as it came. */
  readonly token: string;
  /** Who pays for a wrong one. */
  readonly source: string;
}

/**
 * Tells who signed a request. What costs nothing comes first: a key that no operator has, one that has to wait and a
 * wrong time are refused without looking at the signature.
 */
export class RequestJudge {
  readonly #parts: JudgeParts;
  readonly #verify: Verifier;
  readonly #nonces: UsedNonces;
  /** By source and key together: else whoever knows an operator's public key could lock them out. */
  readonly #keys: BackOff;
  /** By source, for one that goes through many keys. Colleagues may share an address, so it takes longer. */
  readonly #sources: BackOff;
  /** Nonces of the time before this program began are not remembered. */
  readonly #notBefore: number;

  constructor(parts: JudgeParts) {
    const { clock, verifier = verifySignature } = parts;
    this.#parts = parts;
    this.#verify = verifier;
    this.#nonces = new UsedNonces(clock, 2 * CLOCK_WINDOW);
    this.#keys = new BackOff(clock, { free: 2, firstMs: 1000, longestMs: 600_000 });
    this.#sources = new BackOff(clock, { free: 20, firstMs: 1000, longestMs: 600_000 });
    this.#notBefore = clock.wallTime();
  }

  /**
   * The operator who signed `request`, and how their token names the body.
   * @throws `relay-token-refused`, `operator-not-enrolled`, `operator-revoked`, `clock-wrong`,
   * `relay-too-many-requests`
   */
  identify(request: JudgedRequest): { readonly caller: Caller; readonly bodyHash: string } {
    const token = parseRequestToken(request.token);
    if (token === undefined) throw new LiveletError('relay-token-refused', 'not a token');
    const operator = this.#parts.operators.byKey(token.publicKey);
    if (operator === undefined) throw new LiveletError('operator-not-enrolled');
    if (operator.revokedAt !== undefined) throw new LiveletError('operator-revoked');
    this.prove(token, request);
    const { id, name, role } = operator;
    return { caller: { operator: id, name, role }, bodyHash: token.bodyHash };
  }

  /**
   * Proves that `token` was signed with its key, for this request, now, and for the first time.
   * @throws `relay-token-refused`, `clock-wrong`, `relay-too-many-requests`
   */
  prove(token: RequestToken, { method, path, source }: Omit<JudgedRequest, 'token'>): void {
    const { clock, deploymentId } = this.#parts;
    const key = `${source} ${token.publicKey}`;
    if (this.#sources.blocks(source) || this.#keys.blocks(key)) {
      throw new LiveletError('relay-too-many-requests');
    }
    const now = clock.wallTime();
    const time = Number(token.time);
    if (Math.abs(time - now) > CLOCK_WINDOW || time < this.#notBefore) {
      throw new LiveletError('clock-wrong', undefined, { data: { time: now } });
    }
    if (!this.#verify(token.publicKey, signedBytes(token, { deploymentId, method, path }), token.signature)) {
      this.#keys.failed(key);
      this.#sources.failed(source);
      throw new LiveletError('relay-token-refused', 'wrong signature');
    }
    this.#keys.succeeded(key);
    const use = this.#nonces.use(token.publicKey, token.nonce);
    if (use === 'used') throw new LiveletError('relay-token-refused', 'used before');
    if (use === 'full') throw new LiveletError('relay-too-many-requests', 'too many requests in a minute');
  }

  /**
   * Whoever was let in may have lost their rights while their body came.
   * @throws `operator-revoked`, `admin-required`
   */
  confirm({ operator, role }: Caller): void {
    const now = this.#parts.operators.byId(operator);
    if (now === undefined || now.revokedAt !== undefined) throw new LiveletError('operator-revoked');
    if (role === 'admin' && now.role !== 'admin') throw new LiveletError('admin-required');
  }

  /** @throws `relay-token-refused` unless `body` is the one that was signed */
  checkBody(signed: string, body: Buffer): void {
    if (signed !== bodyHash(body)) throw new LiveletError('relay-token-refused', 'another body');
  }
}
