import { RELAY_API_PATH, relayApi, relayError } from '../access/relay-api.js';
import type { Identity } from '../channel/identity.js';
import type { Clock } from '../clock.js';
import type { Deployment } from '../transport/deployment.js';
import type { ProxyFinder } from '../transport/proxy.js';
import { requestRelay } from '../transport/relay-request.js';
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

/** Hands in a problem report, sealed to the deployment's support key. @throws those of requestRelay, `storage-full` */
export async function submitReport(
  report: Uint8Array,
  way: HandInWay & { readonly deployment: Deployment },
  signal: AbortSignal,
): Promise<void> {
  await ask(way.deployment, way, { method: 'POST', path: '/reports', headers: {}, body: report }, signal);
}

async function ask(
  deployment: Deployment,
  { clock, proxy }: HandInWay,
  question: { method: string; path: string; headers: Readonly<Record<string, string>>; body: Uint8Array },
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
  if (answer.status >= 400) throw relayError(answer);
}
