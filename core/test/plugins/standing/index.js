import { ContainerModule } from 'inversify';
import { HostPart, PluginUi, SessionInfo } from '../../../dist/src/index.js';

/** What happened, in order. */
export const events = [];

const parts = {
  helper: (ui) => ({
    start: () => {
      events.push('start');
      ui.onPort('help', (port) => events.push(`port ${port.name}`));
    },
    stop: () => void events.push('stop'),
  }),
  failing: () => ({
    start: () => {
      throw new Error('no');
    },
    stop: () => void events.push('stop failing'),
  }),
  leaking: () => ({ start: () => undefined, stop: () => undefined }),
};

export const plugin = {
  standing: (role) =>
    new ContainerModule(({ bind }) => {
      bind(HostPart)
        .toResolvedValue(parts[role], role === 'leaking' ? [SessionInfo] : [PluginUi])
        .inSingletonScope();
    }),
  session: () => new ContainerModule(() => undefined),
};
