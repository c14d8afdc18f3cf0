/** `livelet.file-transfer`: files between the two people, each way for itself. */
import { FileOffering, LiveletError, type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { Courier } from './courier.js';
import { Depot } from './depot.js';
import { OfferingDoor } from './offering-door.js';

const PARTS = { depot: Depot, courier: Courier } as const;

export const plugin: PluginDefinition = {
  host: (role) =>
    new ContainerModule(({ bind }) => {
      if (role !== 'depot') return;
      bind(OfferingDoor).toSelf().inSingletonScope();
      bind(FileOffering).toService(OfferingDoor);
    }),
  session: (role) => {
    if (role !== 'depot' && role !== 'courier') throw new LiveletError('internal', `no role ${role}`);
    return new ContainerModule(({ bind }) => {
      bind(SessionPart).to(PARTS[role]).inSingletonScope();
    });
  },
};
