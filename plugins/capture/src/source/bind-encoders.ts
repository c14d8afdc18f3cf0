import { Clock, PluginUi } from '@livelet/core';
import type { ContainerModuleLoadOptions } from 'inversify';
import { JpegChoice } from '../tiles/jpeg-choice.js';
import { SharpTileEncoder, TileEncoder } from '../tiles/tile-encoder.js';
import { PageVideoTrack } from '../video/page-video-track.js';
import { VideoTrack } from '../video/video-track.js';

/** What every sender of a session encodes with; the video in the page's piece `video-encoder`. */
export function bindEncoders(bind: ContainerModuleLoadOptions['bind']): void {
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
}
