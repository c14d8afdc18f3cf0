import type { AddressList } from '../entrance/address-list.js';
import { type Answer, jsonAnswer, type Question } from './answer.js';
import type { RelayMetrics } from './metrics.js';
import type { Readiness } from './readiness.js';

export interface ObserverParts {
  readonly metrics: RelayMetrics;
  /** Who may read the metrics. */
  readonly metricsFrom: AddressList;
  readonly readiness: Readiness;
}

/** Answers those who watch the relay: `/healthz`, `/readyz`, `/metrics`. */
export class Observer {
  readonly #parts: ObserverParts;

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  /** Undefined: not a matter of the observer, or of this source. */
  async answer({ method, path, source }: Question): Promise<Answer | undefined> {
    if (method !== 'GET') return undefined;
    if (path === '/healthz') return jsonAnswer(200, { status: 'ok' });
    if (path === '/readyz') return this.#ready();
    const mayRead = source !== undefined && this.#parts.metricsFrom.has(source);
    return path === '/metrics' && mayRead ? this.#metrics() : undefined;
  }

  async #ready(): Promise<Answer> {
    const checks = await this.#parts.readiness.report();
    const ready = Object.values(checks).every(Boolean);
    return jsonAnswer(ready ? 200 : 503, { status: ready ? 'ready' : 'not-ready', checks });
  }

  async #metrics(): Promise<Answer> {
    const { metrics } = this.#parts;
    return {
      status: 200,
      headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
      body: await metrics.text(),
    };
  }
}
