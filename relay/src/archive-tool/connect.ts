import { type RelayApi, relayApi } from '@livelet/core/wire';
import {
  loadOrCreateIdentity,
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
  stateDir: textOption({
    about: 'folder of the key that you are an administrator with: the operator’s console’s own',
    placeholder: 'folder',
    fallback: stateDirectory('livelet-operator', process.env),
  }),
};

/** @throws `config-unreadable`, `deployment-invalid`, `identity-unreadable` */
export async function connect(options: OptionValues<typeof RELAY_ACCESS>): Promise<RelayApi> {
  const deployment = await readDeployment(options.deployment);
  const identity = await loadOrCreateIdentity(options.stateDir);
  return relayApi({ deployment, identity });
}
