/** `livelet.input`: the operator's mouse and keyboard on the customer's display. */
import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { InputController } from './input-controller.js';
import { InputTarget } from './input-target.js';

export { Injector } from './injector.js';

export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart)
        .to(role === 'target' ? InputTarget : InputController)
        .inSingletonScope();
    }),
};
