import { randomBytes } from 'node:crypto';
import { type Deployment, parseDeployment } from '@livelet/core/wire';
import { readSmallFile, writeWholeFile } from '@livelet/program';

/** What a relay knows of itself. */
export interface RelayFacts {
  readonly relayUrl: string;
  /** Of the relay's key; none: public authorities stand behind it. Undefined: the file knows better. */
  readonly pins: readonly string[] | undefined;
  readonly deploymentId?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The deployment's id, before the relay listens and knows the rest: what the file says if it is signed, else `given`,
 * what the file says, or a new one, in this order.
 * @throws `deployment-invalid`
 */
export async function settleDeploymentId(file: string, given?: string): Promise<string> {
  const text = await readSmallFile(file);
  const before = text === undefined ? undefined : parseDeployment(text);
  if (before?.signature !== undefined) return before.deploymentId;
  return given ?? before?.deploymentId ?? randomBytes(12).toString('hex');
}

/**
 * Brings the deployment file up to date, made at first start. What it already says and `facts` doesn't is kept. One
 * that the organisation has signed stays as it is: the key that could sign it again is not here.
 * @returns what the file now says
 * @throws `deployment-invalid`
 */
export async function updateDeploymentFile(file: string, facts: RelayFacts): Promise<Deployment> {
  const text = await readSmallFile(file);
  const before = text === undefined ? undefined : parseDeployment(text);
  if (before?.signature !== undefined) return before;
  const region = facts.region ?? before?.region;
  const after: Deployment = {
    ...before,
    relayUrl: facts.relayUrl,
    deploymentId: facts.deploymentId ?? before?.deploymentId ?? randomBytes(12).toString('hex'),
    pins: keptPins(before?.pins ?? [], facts.pins),
    ...(region === undefined ? {} : { region }),
  };
  const written = `${JSON.stringify(after, undefined, 2)}\n`;
  parseDeployment(written);
  if (written !== text) await writeWholeFile(file, written, 0o644);
  return after;
}

/** Pins that were published for a key to come stay until that key is in use. */
function keptPins(before: readonly string[], now: readonly string[] | undefined): readonly string[] {
  if (now === undefined) return before;
  return now.length > 0 && now.every((pin) => before.includes(pin)) ? before : now;
}

/** What a signed file says otherwise than the relay itself: hosts that follow the file won't reach or trust it. */
export function outdatedFacts(deployment: Deployment, facts: RelayFacts): readonly (keyof Deployment)[] {
  const { relayUrl, pins, deploymentId, region } = deployment;
  const outdated: [keyof Deployment, boolean][] = [
    ['relayUrl', new URL(relayUrl).host !== new URL(facts.relayUrl).host],
    ['pins', pins.length > 0 && facts.pins?.some((pin) => !pins.includes(pin)) === true],
    ['deploymentId', deploymentId !== (facts.deploymentId ?? deploymentId)],
    ['region', region !== (facts.region ?? region)],
  ];
  return outdated.filter(([, differs]) => differs).map(([key]) => key);
}
