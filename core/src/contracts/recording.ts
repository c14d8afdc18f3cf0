import type { ServiceIdentifier } from 'inversify';
import type { ServicePath } from '../channel/streams.js';
import { LiveletError } from '../errors.js';

/**
 * A recording of the session by the one who looks (`recorder`), in sight of the one who is looked at (`recorded`).
 *
 * The recorder opens one stream at RECORDING_PATH (capability `record`, priority `screen`) and says over it what it
 * does: RecordingTold, at once and after each change. The recorded half answers with the same message once its person
 * can see it; before that, and whenever the stream is gone, nothing is recorded. A reset with `revoked` ends the
 * recording, one with `reconnecting` pauses it until a new stream has been answered. `ended` is answered by the grant
 * itself, which was for one recording and is spent (`Grant.spent`): whether it was spent or taken back is the same at both
 * ends, so that both note the same. Nothing of the recording itself ever crosses the channel.
 */
export const RECORDING_PATH: ServicePath = '/livelet/record/1';

/** `state u8 | flags u8 (1: with sound) | seconds u32`, big-endian. */
export const RECORDING_MESSAGE = 6;

/** What a recorder can be doing, with its number on the wire. After `ended` the stream is over. */
export const RECORDING_STATES = { recording: 1, paused: 2, ended: 3 } as const;
export type RecordingState = keyof typeof RECORDING_STATES;

/** What a recorder says of itself. */
export interface RecordingTold {
  readonly state: RecordingState;
  /** Whether sound is recorded too. */
  readonly sound: boolean;
  /** How much is recorded, without pauses, whole seconds. */
  readonly seconds: number;
}

const SOUND_FLAG = 1;

export function encodeRecordingTold({ state, sound, seconds }: RecordingTold): Uint8Array {
  const bytes = new Uint8Array(RECORDING_MESSAGE);
  bytes[0] = RECORDING_STATES[state];
  bytes[1] = sound ? SOUND_FLAG : 0;
  new DataView(bytes.buffer).setUint32(2, seconds);
  return bytes;
}

/** @throws `message-malformed` */
export function decodeRecordingTold(bytes: Uint8Array): RecordingTold {
  const [number = 0, flags = 0] = bytes;
  const state = STATES_BY_NUMBER.get(number);
  if (bytes.length !== RECORDING_MESSAGE || state === undefined || flags > SOUND_FLAG) {
    throw new LiveletError('message-malformed', 'not what a recorder says');
  }
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(2);
  return { state, sound: flags === SOUND_FLAG, seconds };
}

const STATES_BY_NUMBER: ReadonlyMap<number, RecordingState> = new Map(
  Object.entries(RECORDING_STATES).map(([state, number]) => [number, state as RecordingState]),
);

/** Where recordings are kept at this end, if the host says so. @default `Livelet` in the person's folder for videos */
export interface RecordingsFolder {
  /** Of the next recording: an absolute path, made with the first one; undefined: the default. */
  readonly folder: string | undefined;
}
export const RecordingsFolder: ServiceIdentifier<RecordingsFolder> = Symbol.for('@livelet/RecordingsFolder');
