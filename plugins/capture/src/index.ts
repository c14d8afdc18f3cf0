import { CaptureSource, Clock, type PluginDefinition, SessionPart, SharedDisplay } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { ScreenSource } from './screen-source.js';
import { ScreenViewer } from './screen-viewer.js';
import { SharpTileEncoder, TileEncoder } from './tile-encoder.js';
import { XCaptureSource } from './x-capture-source.js';

export { type PixelWay, XCaptureSource } from './x-capture-source.js';

/** Shares a screen: the halves are `source`, which has the display, and `viewer`, which draws it. */
export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      if (role === 'viewer') {
        bind(SessionPart).to(ScreenViewer).inSingletonScope();
        return;
      }
      bind(CaptureSource)
        .toResolvedValue((display, clock) => new XCaptureSource(display.name, clock), [SharedDisplay, Clock])
        .inSingletonScope();
      bind(TileEncoder).to(SharpTileEncoder).inSingletonScope();
      bind(SessionPart).to(ScreenSource).inSingletonScope();
    }),
};
