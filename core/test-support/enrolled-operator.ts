import { readFile } from 'node:fs/promises';
import { type RelayApi, relayApi } from '../src/access/relay-api.js';
import { systemRandom } from '../src/channel/crypto.js';
import { createIdentity, type Identity } from '../src/channel/identity.js';
import type { Deployment } from '../src/transport/deployment.js';

/** An operator whom a relay lets in. */
export interface EnrolledOperator {
  readonly identity: Identity;
  readonly api: RelayApi;
}

/** Becomes the first administrator of a relay that nobody is enrolled at yet. */
export async function enrolledOperator(relay: {
  readonly deployment: Deployment;
  /** Holds the one-time token. */
  readonly firstAdminFile: string;
}): Promise<EnrolledOperator> {
  const identity = createIdentity(systemRandom);
  const api = relayApi({ deployment: relay.deployment, identity });
  const token = (await readFile(relay.firstAdminFile, 'utf8')).trim();
  await api.call('POST', '/enrol', { token, name: 'Maria Rossi' });
  return { identity, api };
}
