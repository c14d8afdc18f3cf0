import { randomBytes } from 'node:crypto';
import { type Deployment, parseDeployment } from '@livelet/core/wire';
import { readSmallFile, writeWholeFile } from '@livelet/program';

/**
 * Brings the deployment file up to date, made at first start. What it already says and `facts` doesn't is kept.
 * @returns what the file now says
 * @throws `deployment-invalid`
 */
export async function updateDeploymentFile(
  file: string,
  facts: { relayUrl: string; pin: string; deploymentId?: string | undefined; region?: string | undefined },
): Promise<Deployment> {
  const text = await readSmallFile(file);
  const before = text === undefined ? undefined : parseDeployment(text);
  const region = facts.region ?? before?.region;
  const after: Deployment = {
    ...before,
    relayUrl: facts.relayUrl,
    deploymentId: facts.deploymentId ?? before?.deploymentId ?? randomBytes(12).toString('hex'),
    pins: [facts.pin],
    ...(region === undefined ? {} : { region }),
  };
  const written = `${JSON.stringify(after, undefined, 2)}\n`;
  parseDeployment(written);
  if (written !== text) await writeWholeFile(file, written, 0o644);
  return after;
}
