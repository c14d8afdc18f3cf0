import {
  CaptureSource,
  Clock,
  HeldBack,
  type PluginDefinition,
  PluginUi,
  SessionPart,
  SharedDisplay,
} from '@livelet/core';
import { ContainerModule } from 'inversify';
import { bindEncoders } from './source/bind-encoders.js';
import { ScreenSource } from './source/screen-source.js';
import { ScreenViewer } from './viewer/screen-viewer.js';
import { WebCaptureSource } from './web-display/web-capture-source.js';
import { XCaptureSource } from './x-display/x-capture-source.js';

export { WebCaptureSource } from './web-display/web-capture-source.js';
export { checkXDisplay } from './x-display/check-x-display.js';
export { type PixelWay, XCaptureSource } from './x-display/x-capture-source.js';

/** Shares a screen: the halves are `source`, which has the display, and `viewer`, which draws it. */
export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      if (role === 'viewer') {
        bind(SessionPart).to(ScreenViewer).inSingletonScope();
        return;
      }
      bind(CaptureSource)
        .toResolvedValue(
          (display, clock, ui, heldBack) =>
            display.capture === 'web'
              ? new WebCaptureSource(ui, clock, 'panel', (isShared) => heldBack.set('view', !isShared))
              : new XCaptureSource(display.name, clock),
          [SharedDisplay, Clock, PluginUi, HeldBack],
        )
        .inSingletonScope();
      bindEncoders(bind);
      bind(SessionPart).to(ScreenSource).inSingletonScope();
    }),
};
