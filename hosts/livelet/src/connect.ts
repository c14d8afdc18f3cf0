import {
  type Capability,
  type Clock,
  connectSession,
  type Deployment,
  type HelloPlugin,
  type Identity,
  joinNameplate,
  LiveletError,
  type ProxyFinder,
  parseSessionCode,
  type RandomSource,
  resumeRendezvous,
  type SessionChannel,
} from '@livelet/core';

export interface ConnectorOptions {
  readonly deployment: Deployment;
  readonly identity: Identity;
  /** As the helper sees it. */
  readonly name: string;
  readonly hello: readonly HelloPlugin[];
  /** What this host can ever grant. */
  readonly allowed: readonly Capability[];
  readonly clock: Clock;
  readonly random: RandomSource;
  /** @default none: straight to the relay */
  readonly proxy?: ProxyFinder | undefined;
}

/** Goes from twelve digits to a session. Remembers the codes that this program has spent: each is tried once. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #spent = new Set<string>();

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  /**
   * @throws `code-mistyped`, `code-not-valid` (also for a code that was tried before), and those of joinNameplate and
   *   connectSession
   */
  async connect(text: string, signal: AbortSignal): Promise<SessionChannel> {
    const code = parseSessionCode(text);
    const key = code.nameplate + code.secret;
    if (this.#spent.has(key)) throw new LiveletError('code-not-valid', 'this code was tried before');
    const { deployment, proxy, ...options } = this.#options;
    const { clock } = options;
    const { nameplate } = code;
    const transport = await joinNameplate({ deployment, nameplate, proxy, signal, clock });
    return connectSession({
      ...options,
      transport,
      side: 'customer',
      code,
      deploymentId: deployment.deploymentId,
      signal,
      onProgress: (step) => step === 'code-spent' && this.#spent.add(key),
      redial: (handle, ending) => resumeRendezvous({ deployment, handle, proxy, signal: ending, clock }),
    });
  }
}
