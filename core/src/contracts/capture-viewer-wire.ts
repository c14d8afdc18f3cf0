/** The bytes of the messages from viewer to source; those of the other way are in `capture-wire.ts`. */
import { LiveletError } from '../errors.js';
import { ByteReader, ByteWriter } from './byte-cursor.js';
import { MAX_VIEWER_MESSAGE } from './capture.js';
import { VIDEO_CODECS, type VideoCodec, videoCodecOf } from './capture-operations.js';

/** The first byte of a message from the viewer. */
export const VIEWER_MESSAGES = {
  /** `81 | generation u32 | number u32 | draw time u32` */
  acknowledge: 0x81,
  /** `82 | display id u32` */
  select: 0x82,
  /** `83` */
  refresh: 0x83,
  /** `84 | count u8 | count x (codec u8, decode time u32)` */
  abilities: 0x84,
  /** `85 | preset u8` */
  quality: 0x85,
} as const;

/** How the picture is weighed, the byte on the wire. */
export const QUALITY_PRESETS = {
  /** The source follows what it measures. */
  automatic: 0,
  /** Nothing lossy, no video. */
  sharp: 1,
  /** Lower quality and more frames. */
  smooth: 2,
} as const;
export type QualityPreset = keyof typeof QUALITY_PRESETS;

/** The viewer has drawn this frame and all before it. */
export interface AcknowledgeMessage {
  readonly type: 'acknowledge';
  readonly generation: number;
  readonly number: number;
  /** From the last part's arrival in the page to the drawn picture, microseconds. */
  readonly drawTime: number;
}

/** Show this display instead. */
export interface SelectMessage {
  readonly type: 'select';
  readonly display: number;
}

/** The viewer has lost its picture: start a new generation. */
export interface RefreshMessage {
  readonly type: 'refresh';
}

/** A kind of video that the viewer's page can decode. */
export interface VideoAbility {
  readonly codec: VideoCodec;
  /** Measured, of a picture of 1280 x 720, microseconds. */
  readonly decodeTime: number;
}

/** Sent at the start of each stream. A source that has heard none sends no video; a later one replaces it. */
export interface AbilitiesMessage {
  readonly type: 'abilities';
  /** Each codec at most once. */
  readonly videos: readonly VideoAbility[];
}

/** What the person at the viewer prefers; `automatic` until it is said. */
export interface QualityMessage {
  readonly type: 'quality';
  readonly preset: QualityPreset;
}

export type ViewerMessage =
  | AcknowledgeMessage
  | SelectMessage
  | RefreshMessage
  | AbilitiesMessage
  | QualityMessage;

const PRESETS: ReadonlyMap<number, QualityPreset> = new Map(
  Object.entries(QUALITY_PRESETS).map(([name, number]) => [number, name as QualityPreset]),
);

export function encodeViewerMessage(message: ViewerMessage): Uint8Array {
  switch (message.type) {
    case 'acknowledge':
      return new ByteWriter(13)
        .u8(VIEWER_MESSAGES.acknowledge)
        .u32(message.generation)
        .u32(message.number)
        .u32(message.drawTime)
        .done();
    case 'select':
      return new ByteWriter(5).u8(VIEWER_MESSAGES.select).u32(message.display).done();
    case 'refresh':
      return new ByteWriter(1).u8(VIEWER_MESSAGES.refresh).done();
    case 'abilities': {
      const writer = new ByteWriter(2 + 5 * message.videos.length);
      writer.u8(VIEWER_MESSAGES.abilities).u8(message.videos.length);
      for (const { codec, decodeTime } of message.videos) writer.u8(VIDEO_CODECS[codec]).u32(decodeTime);
      return writer.done();
    }
    case 'quality':
      return new ByteWriter(2).u8(VIEWER_MESSAGES.quality).u8(QUALITY_PRESETS[message.preset]).done();
  }
}

/** @throws `picture-malformed` */
export function decodeViewerMessage(bytes: Uint8Array): ViewerMessage {
  if (bytes.length > MAX_VIEWER_MESSAGE) malformed('message too long');
  const reader = new ByteReader(bytes, 'picture-malformed');
  const message = decodeBody(reader.u8(), reader);
  reader.end();
  return message;
}

function decodeBody(type: number, reader: ByteReader): ViewerMessage {
  switch (type) {
    case VIEWER_MESSAGES.acknowledge:
      return {
        type: 'acknowledge',
        generation: reader.u32(),
        number: reader.u32(),
        drawTime: reader.u32(),
      };
    case VIEWER_MESSAGES.select:
      return { type: 'select', display: reader.u32() };
    case VIEWER_MESSAGES.refresh:
      return { type: 'refresh' };
    case VIEWER_MESSAGES.abilities:
      return { type: 'abilities', videos: decodeVideos(reader) };
    case VIEWER_MESSAGES.quality:
      return { type: 'quality', preset: PRESETS.get(reader.u8()) ?? malformed('unknown preset') };
    default:
      return malformed(`message ${type}`);
  }
}

function decodeVideos(reader: ByteReader): VideoAbility[] {
  const count = reader.u8();
  if (count > Object.keys(VIDEO_CODECS).length) malformed(`${count} codecs`);
  const videos: VideoAbility[] = [];
  for (let index = 0; index < count; index++) {
    const codec = videoCodecOf(reader.u8());
    if (videos.some((video) => video.codec === codec)) malformed('a codec twice');
    videos.push({ codec, decodeTime: reader.u32() });
  }
  return videos;
}

function malformed(message: string): never {
  throw new LiveletError('picture-malformed', message);
}
