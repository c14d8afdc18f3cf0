/** `livelet.clipboard`: what one person copies, the other pastes. */
import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { ClipboardPartner } from './clipboard-partner.js';
import { ClipboardSharer } from './clipboard-sharer.js';

export { XClipboard } from './x-selection/x-clipboard.js';

export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart)
        .to(role === 'sharer' ? ClipboardSharer : ClipboardPartner)
        .inSingletonScope();
    }),
};
