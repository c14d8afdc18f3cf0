import { LiveletError } from '../errors.js';
import { utf8 } from './bytes.js';
import {
  GCM_KEY_BYTES,
  GCM_NONCE_BYTES,
  type GcmKey,
  gcmKey,
  HASH_BYTES,
  hkdfExpand,
  wipe,
} from './crypto.js';

const KEY_LABEL = utf8('livelet/1 key');
const IV_LABEL = utf8('livelet/1 iv');
const NEXT_LABEL = utf8('livelet/1 next');

/** The key of one direction and epoch, and the secret that the next epoch's comes from. */
export class EpochKeys {
  #key: GcmKey | undefined;
  readonly #iv: Uint8Array;
  readonly #nextSecret: Uint8Array;

  /** Overwrites `secret` (64 bytes), so that this epoch's key can't be found again from a later state. */
  constructor(secret: Uint8Array) {
    const key = hkdfExpand(secret, KEY_LABEL, GCM_KEY_BYTES);
    this.#key = gcmKey(key);
    wipe(key);
    this.#iv = hkdfExpand(secret, IV_LABEL, GCM_NONCE_BYTES);
    this.#nextSecret = hkdfExpand(secret, NEXT_LABEL, HASH_BYTES);
    wipe(secret);
  }

  /** @throws `session-ended` (wiped) */
  get key(): GcmKey {
    if (this.#key === undefined) throw new LiveletError('session-ended', 'the key is gone');
    return this.#key;
  }

  /** The epoch after this one. This one can still be used until it is wiped, but not asked again. */
  next(): EpochKeys {
    return new EpochKeys(this.#nextSecret);
  }

  /** The iv with `seq` XORed into its low 64 bits. */
  nonce(seq: bigint): Uint8Array {
    const nonce = Uint8Array.from(this.#iv);
    const view = new DataView(nonce.buffer);
    const lowAt = GCM_NONCE_BYTES - 8;
    view.setBigUint64(lowAt, view.getBigUint64(lowAt) ^ seq);
    return nonce;
  }

  wipe(): void {
    this.#key = undefined;
    wipe(this.#iv, this.#nextSecret);
  }
}
