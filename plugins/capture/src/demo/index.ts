import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { bindEncoders } from '../source/bind-encoders.js';
import { ScreenAudience } from './screen-audience.js';
import { ScreenPresenter } from './screen-presenter.js';

/**
 * The same screen with the halves swapped: `presenter` shows a display of the operator's to the `audience`, view only. A
 * plugin of its own in this package, described in `demo-manifest.json`.
 */
export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      if (role === 'audience') {
        bind(SessionPart).to(ScreenAudience).inSingletonScope();
        return;
      }
      bindEncoders(bind);
      bind(SessionPart).to(ScreenPresenter).inSingletonScope();
    }),
};
