import {
  CaptureSource,
  Clock,
  type PluginDefinition,
  PluginUi,
  SessionPart,
  SharedDisplay,
} from '@livelet/core';
import { ContainerModule } from 'inversify';
import { ScreenSource } from './source/screen-source.js';
import { JpegChoice } from './tiles/jpeg-choice.js';
import { SharpTileEncoder, TileEncoder } from './tiles/tile-encoder.js';
import { PageVideoTrack } from './video/page-video-track.js';
import { VideoTrack } from './video/video-track.js';
import { ScreenViewer } from './viewer/screen-viewer.js';
import { WebCaptureSource } from './web-display/web-capture-source.js';
import { XCaptureSource } from './x-display/x-capture-source.js';

export { WebCaptureSource } from './web-display/web-capture-source.js';
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
          (display, clock, ui) =>
            display.capture === 'web'
              ? new WebCaptureSource(ui, clock)
              : new XCaptureSource(display.name, clock),
          [SharedDisplay, Clock, PluginUi],
        )
        .inSingletonScope();
      bind(JpegChoice)
        .toDynamicValue(() => new JpegChoice())
        .inSingletonScope()
        .onDeactivation((choice) => choice[Symbol.dispose]());
      bind(TileEncoder)
        .toResolvedValue((jpeg: JpegChoice) => new SharpTileEncoder(jpeg), [JpegChoice])
        .inSingletonScope();
      bind(VideoTrack)
        .toResolvedValue((ui, clock) => new PageVideoTrack(ui, clock), [PluginUi, Clock])
        .inSingletonScope();
      bind(SessionPart).to(ScreenSource).inSingletonScope();
    }),
};
