/** `livelet.file-transfer`: files between the two people, each way for itself. */
import { LiveletError, type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { Courier } from './courier.js';
import { Depot } from './depot.js';

const PARTS = { depot: Depot, courier: Courier } as const;

export const plugin: PluginDefinition = {
  session: (role) => {
    if (role !== 'depot' && role !== 'courier') throw new LiveletError('internal', `no role ${role}`);
    return new ContainerModule(({ bind }) => {
      bind(SessionPart).to(PARTS[role]).inSingletonScope();
    });
  },
};
