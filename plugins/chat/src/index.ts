/** `livelet.chat`: short written messages between the two people. */
import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { ChatParticipant } from './chat-participant.js';

export const plugin: PluginDefinition = {
  session: () =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart).to(ChatParticipant).inSingletonScope();
    }),
};
