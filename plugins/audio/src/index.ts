/** `livelet.audio`: voice both ways, and what the customer's computer plays. */
import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { AudioAnswerer } from './audio-answerer.js';
import { AudioCaller } from './audio-caller.js';

export { RecordedDevice, type Recording } from './captures/recorded-device.js';

export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart)
        .to(role === 'answerer' ? AudioAnswerer : AudioCaller)
        .inSingletonScope();
    }),
};
