import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { CameraAnswerer } from './camera-answerer.js';
import { CameraCaller } from './camera-caller.js';

export { CameraSender } from './camera-sender.js';

/** Two people see each other: the halves are `answerer`, whose person allows it, and `caller`, who asks. */
export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart)
        .to(role === 'answerer' ? CameraAnswerer : CameraCaller)
        .inSingletonScope();
    }),
};
