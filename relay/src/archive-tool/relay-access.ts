import { join } from 'node:path';
import { stateDirectory, textOption } from '@livelet/program';

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
