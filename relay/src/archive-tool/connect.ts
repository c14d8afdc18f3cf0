import { join } from 'node:path';
import { type RelayApi, relayApi } from '@livelet/core/wire';
import {
  loadIdentityFile,
  type OptionValues,
  readDeployment,
  stateDirectory,
  textOption,
} from '@livelet/program';

/** How an administrator reaches a relay. */
export const RELAY_ACCESS = {
  deployment: textOption({
    about: 'deployment.json of the relay that keeps the chats',
    placeholder: 'file',
    fallback: 'deployment.json',
  }),
  identity: textOption({
    about: 'an administrator’s key, as admin enrol made it, or the one of the operator’s console',
    placeholder: 'file',
    fallback: join(stateDirectory('livelet-operator', process.env), 'identity.key'),
  }),
};

/** @throws `config-unreadable`, `deployment-invalid`, `identity-unreadable` */
export async function connect(options: OptionValues<typeof RELAY_ACCESS>): Promise<RelayApi> {
  const deployment = await readDeployment(options.deployment);
  return relayApi({ deployment, identity: await loadIdentityFile(options.identity) });
}
