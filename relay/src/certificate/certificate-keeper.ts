import { asLiveletError, type Clock } from '@livelet/core/wire';
import type { RelayLog } from '../log.js';
import {
  type CertificateFiles,
  certificateState,
  loadCertificate,
  type RelayCertificate,
} from './certificate.js';

/** How often the files are looked at, ms. */
const LOOK = 60_000;

export interface CertificateKeeperParts {
  readonly clock: Clock;
  readonly log: RelayLog;
  /** Puts a new certificate to use. */
  readonly renew: (certificate: RelayCertificate) => Promise<void>;
}

/** Puts a new certificate to use when its files change. What is wrong with them leaves the old one in place. */
export class CertificateKeeper implements Disposable {
  readonly #files: CertificateFiles;
  readonly #parts: CertificateKeeperParts;
  #current: RelayCertificate;
  #state: string;
  #timer: Disposable | undefined;
  #isClosed = false;
  #reloading: Promise<void> = Promise.resolve();

  private constructor(
    files: CertificateFiles,
    parts: CertificateKeeperParts,
    current: RelayCertificate,
    state: string,
  ) {
    this.#files = files;
    this.#parts = parts;
    this.#current = current;
    this.#state = state;
    this.#watch();
  }

  /** @throws those of `loadCertificate` */
  static async open(files: CertificateFiles, parts: CertificateKeeperParts): Promise<CertificateKeeper> {
    const current = await loadCertificate(files);
    return new CertificateKeeper(files, parts, current, await certificateState(files));
  }

  get current(): RelayCertificate {
    return this.#current;
  }

  /** Reads the files again, changed or not. Never rejects: what went wrong is logged. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#read());
    return this.#reloading;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#timer?.[Symbol.dispose]();
  }

  #watch(): void {
    if (this.#isClosed) return;
    this.#timer = this.#parts.clock.setTimer(LOOK, () => {
      void this.#look().finally(() => this.#watch());
    });
  }

  async #look(): Promise<void> {
    // In the middle of a renewal a file may be missing; the next look finds it.
    const state = await certificateState(this.#files).catch(() => this.#state);
    if (state !== this.#state) await this.reload();
  }

  async #read(): Promise<void> {
    const { log, renew } = this.#parts;
    try {
      this.#state = await certificateState(this.#files);
      const next = await loadCertificate(this.#files);
      await renew(next);
      this.#current = next;
      log.write({ event: 'certificate-reloaded' });
    } catch (error) {
      const { code, data } = asLiveletError(error, 'identity-unreadable');
      log.write({ event: 'certificate-refused', problem: String(data.problem ?? code) });
    }
  }
}
