import { checkKept, RELAY_API_PATH, relayApi } from '../access/relay-api.js';
import type { Identity } from '../channel/identity.js';
import type { Clock } from '../clock.js';
import type { Deployment } from '../transport/deployment.js';
import type { ProxyFinder } from '../transport/proxy.js';
import { type RelayRequest, requestRelay } from '../transport/relay-request.js';
import { GRANT_SCHEME } from './archive-grant.js';
import type { ArchiveItem } from './session-archive.js';

/** Bytes of the largest answer. */
const MAX_ANSWER = 4096;

/** The way to a relay. */
export interface HandInWay {
  readonly clock: Clock;
  /** @default none: directly */
  readonly proxy?: ProxyFinder | undefined;
}

/** Hands in an operator's part. Once more does no harm. @throws those of RelayApi.call, `storage-full` */
export async function handInAsOperator(
  { archive, id, envelope }: ArchiveItem,
  way: HandInWay & { readonly identity: Identity },
  signal: AbortSignal,
): Promise<void> {
  await relayApi({ ...way, deployment: archive }).upload('PUT', `/archive/${id}`, envelope, signal);
}

/** Hands in a customer's part, with the right that came with the session. @throws `archive-grant-refused` besides */
export async function handInAsCustomer(
  item: ArchiveItem,
  way: HandInWay,
  signal: AbortSignal,
): Promise<void> {
  const { archive, id, envelope, grant = '' } = item;
  const headers = { authorization: `${GRANT_SCHEME} ${grant}` };
  await ask(archive, way, { method: 'PUT', path: `/archive/granted/${id}`, headers, body: envelope }, signal);
}

/**
 * Hands in a problem report, sealed to the deployment's support key.
 * @param onSent told how many bytes of it are on their way
 * @throws those of requestRelay, `storage-full`
 */
export async function submitReport(
  report: Uint8Array,
  way: HandInWay & { readonly deployment: Deployment },
  signal: AbortSignal,
  onSent?: (bytes: number) => void,
): Promise<void> {
  const question = { method: 'POST', path: '/reports', headers: {}, body: report, onSent };
  await ask(way.deployment, way, question, signal);
}

async function ask(
  deployment: Deployment,
  { clock, proxy }: HandInWay,
  question: Pick<RelayRequest, 'method' | 'path' | 'headers' | 'body' | 'onSent'>,
  signal: AbortSignal,
): Promise<void> {
  const path = `${RELAY_API_PATH}${question.path}`;
  const answer = await requestRelay({
    ...question,
    path,
    deployment,
    clock,
    proxy,
    signal,
    maxAnswer: MAX_ANSWER,
  });
  checkKept(answer);
}
