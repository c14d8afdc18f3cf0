import { utf8 } from '../channel/bytes.js';
import type { RandomSource } from '../channel/crypto.js';
import { systemRandom } from '../channel/crypto.js';
import type { Identity } from '../channel/identity.js';
import { type Clock, systemClock } from '../clock.js';
import { ERROR_CODES, type ErrorCode, LiveletError } from '../errors.js';
import type { Deployment } from '../transport/deployment.js';
import type { ProxyFinder } from '../transport/proxy.js';
import { type RelayAnswer, requestRelay } from '../transport/relay-request.js';
import { ALLOCATE, REQUEST_SCHEME, signRequest } from './signed-request.js';

/** What every path of a relay's API begins with. */
export const RELAY_API_PATH = '/livelet/1/api';
/** Bytes of the largest answer. */
const MAX_ANSWER = 32 * 1024 * 1024;

export interface RelayApiOptions {
  readonly deployment: Deployment;
  /** Signs every request. */
  readonly identity: Identity;
  /** @default none: directly */
  readonly proxy?: ProxyFinder | undefined;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: RandomSource;
}

/** A relay, as one of its operators asks it. */
export interface RelayApi {
  /**
   * One request, signed. When the relay says that this computer's clock is wrong, its time is taken over for
   * signatures and the request is sent once more.
   * @param path below RELAY_API_PATH, with its query: `/history?from=0`
   * @param body sent as JSON
   * @returns the JSON of the answer; undefined when it has none
   * @throws the relay's reason, such as `operator-not-enrolled`, `admin-required`, `request-invalid`; else those of
   *   requestRelay
   */
  call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown>;
  /** The same for an answer of another kind, such as an export. */
  download(path: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** The same for bytes that the relay is to keep. @throws `relay-protocol` besides, unless it says that it does */
  upload(method: string, path: string, body: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * Runs `work` with what proves to the relay who asks for a code, or comes back to a session; once more with the
   * relay's time when that is what was wrong.
   */
  authorized<T>(work: (authorization: string) => Promise<T>): Promise<T>;
}

export function relayApi(options: RelayApiOptions): RelayApi {
  const { deployment, identity, proxy, clock = systemClock, random = systemRandom } = options;
  const { deploymentId } = deployment;
  /** The relay's time less ours, ms. */
  let offset = 0;

  const sign = (method: string, path: string, body?: Uint8Array): string =>
    signRequest(identity, { deploymentId, method, path, body }, clock.wallTime() + offset, random);

  const send = async (
    method: string,
    path: string,
    body: Uint8Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<RelayAnswer> => {
    const headers = { authorization: `${REQUEST_SCHEME} ${sign(method, path, body)}` };
    const question = { deployment, proxy, clock, signal, method, path, headers, body };
    const answer = await requestRelay({ ...question, maxAnswer: MAX_ANSWER });
    checkAnswer(answer);
    return answer;
  };

  const correctly = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LiveletError && error.code === 'clock-wrong')) throw error;
      offset = (typeof error.data.time === 'number' ? error.data.time : await askTime()) - clock.wallTime();
      return work();
    }
  };

  const askTime = async (): Promise<number> => {
    const { time } = readJson(await send('GET', `${RELAY_API_PATH}/time`, undefined, undefined)) as {
      readonly time?: unknown;
    };
    if (typeof time === 'number' && Number.isFinite(time)) return time;
    throw new LiveletError('relay-protocol', 'not a time');
  };

  return {
    call: async (method, path, body, signal) => {
      const bytes = body === undefined ? undefined : utf8(JSON.stringify(body));
      return readJson(await correctly(() => send(method, `${RELAY_API_PATH}${path}`, bytes, signal)));
    },
    download: async (path, signal) => {
      const { body } = await correctly(() => send('GET', `${RELAY_API_PATH}${path}`, undefined, signal));
      return body;
    },
    upload: async (method, path, body, signal) => {
      checkKept(await correctly(() => send(method, `${RELAY_API_PATH}${path}`, body, signal)));
    },
    authorized: (work) => correctly(() => work(sign(ALLOCATE.method, ALLOCATE.path))),
  };
}

function readJson({ body }: RelayAnswer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new LiveletError('relay-protocol', 'not JSON', { cause });
  }
}

/** @throws the relay's reason for every answer but a success; nobody of ours sends elsewhere */
function checkAnswer(answer: RelayAnswer): void {
  if (answer.status < 200 || answer.status >= 300) throw relayError(answer);
}

/**
 * That the relay has what was handed in: a page that somebody on the way answers with, as at hotels, says nothing of it.
 * @throws the relay's reason, `relay-protocol`
 */
export function checkKept(answer: RelayAnswer): void {
  checkAnswer(answer);
  const { new: isNew } = (readJson(answer) ?? {}) as { readonly new?: unknown };
  if (typeof isNew !== 'boolean') throw new LiveletError('relay-protocol', 'not kept');
}

/** What the relay said is wrong; only codes that this version knows, and plain facts, are believed. */
function relayError(answer: RelayAnswer): LiveletError {
  let said: Readonly<Record<string, unknown>> = {};
  try {
    said = (readJson(answer) ?? {}) as typeof said;
  } catch {
    // A proxy's page, or nothing of ours.
  }
  const { error, ...facts } = said;
  const known = typeof error === 'string' && Object.hasOwn(ERROR_CODES, error);
  // The relay's entrance says this without words.
  const unsaid = answer.status === 429 ? 'relay-too-many-requests' : 'relay-protocol';
  const code = known ? (error as ErrorCode) : unsaid;
  const data = Object.entries(facts).filter(
    ([, fact]) => typeof fact === 'number' || typeof fact === 'string',
  );
  return new LiveletError(code, `answered with ${answer.status}`, {
    data: { ...(Object.fromEntries(data) as Record<string, string | number>), status: answer.status },
  });
}
