import {
  type ByteStream,
  CaptureSource,
  Clock,
  type GrantsView,
  MAX_SOURCE_MESSAGE,
  messageStream,
  OwnGrants,
  PluginChannel,
  SCREEN_PATH,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable, optional } from 'inversify';
import { TileEncoder } from '../tiles/tile-encoder.js';
import { VideoTrack } from '../video/video-track.js';
import { ScreenSender } from './screen-sender.js';

/** The role `source`: shows the display to whoever was allowed to open the stream, one stream at a time. */
@injectable()
export class ScreenSource implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #source: CaptureSource;
  readonly #encoder: TileEncoder;
  readonly #clock: Clock;
  readonly #video: VideoTrack | undefined;
  readonly #grants: GrantsView;
  #accepting: Disposable | undefined;
  #granted: Disposable | undefined;
  #stream: ByteStream | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(CaptureSource) source: CaptureSource,
    @inject(TileEncoder) encoder: TileEncoder,
    @inject(Clock) clock: Clock,
    @inject(OwnGrants) grants: GrantsView,
    @inject(VideoTrack) @optional() video?: VideoTrack,
  ) {
    this.#channel = channel;
    this.#source = source;
    this.#encoder = encoder;
    this.#clock = clock;
    this.#grants = grants;
    this.#video = video;
  }

  start(): void {
    this.#accepting = this.#channel.accept(SCREEN_PATH, (stream) => this.#accept(stream));
    // While the line is sought there is no stream whose end would tell.
    this.#granted = this.#grants.onChange(() => {
      if (!this.#grants.isGranted('view')) void this.#source[Symbol.asyncDispose]();
    });
  }

  async stop(): Promise<void> {
    this.#accepting?.[Symbol.dispose]();
    this.#granted?.[Symbol.dispose]();
    this.#stream?.reset('session-ended');
    await this.#running;
    await this.#source[Symbol.asyncDispose]();
  }

  /** A new stream takes the place of the one before. */
  #accept(stream: ByteStream): void {
    this.#stream?.reset('cancelled');
    this.#stream = stream;
    this.#running = this.#running.then(async () => {
      // Replaced before its turn came.
      if (stream !== this.#stream) return;
      const sender = new ScreenSender({
        source: this.#source,
        stream: messageStream(stream, MAX_SOURCE_MESSAGE),
        encoder: this.#encoder,
        clock: this.#clock,
        video: this.#video,
      });
      let lineLost = false;
      void stream.closed.then((code) => {
        lineLost = code === 'reconnecting';
        // Who waits for the person to choose what to share stops waiting when nobody wants it any more.
        if (stream === this.#stream && !lineLost) void this.#source[Symbol.asyncDispose]();
      });
      await sender.run();
      // The viewer comes back with another stream: a person who has chosen what to share isn't asked again.
      if (lineLost && this.#grants.isGranted('view')) return;
      // Nothing looks at the display while nobody may see it.
      await this.#source[Symbol.asyncDispose]();
    });
  }
}
