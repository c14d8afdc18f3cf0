import { ERROR_CODES, errorCodeFromNumber, LiveletError } from '../errors.js';
import { AUDIO_FRAME_TIME, type AudioProblem, isAudioProblem, MAX_AUDIO_PACKET } from './audio.js';
import { ByteReader, ByteWriter } from './byte-cursor.js';

const PACKET_HEADER = 5;
/** Bytes of one message. */
export const MAX_AUDIO_MESSAGE = PACKET_HEADER + MAX_AUDIO_PACKET;

/**
 * Messages of an audio stream, all from the side whose sound it is; numbers big-endian. First comes an `open`.
 *
 *     01 open      the device is open from here on; packets are numbered from 0 again
 *     02 packet    number u32 | one Opus frame of 20 ms, 1 to 1,275 bytes
 *     03 closed    reason u16 (error number; 0: its person has closed it): the device is closed
 *
 * Numbers go up; one that is left out stands for 20 ms that were too old to be sent.
 */
export type AudioMessage =
  | { readonly type: 'open' }
  | { readonly type: 'packet'; readonly number: number; readonly packet: Uint8Array }
  | { readonly type: 'closed'; readonly problem?: AudioProblem };

const OPEN = 1;
const PACKET = 2;
const CLOSED = 3;

export function encodeAudio(message: AudioMessage): Uint8Array {
  switch (message.type) {
    case 'open':
      return Uint8Array.of(OPEN);
    case 'packet':
      return new ByteWriter(PACKET_HEADER + message.packet.length)
        .u8(PACKET)
        .u32(message.number)
        .bytes(message.packet)
        .done();
    case 'closed': {
      const reason = message.problem === undefined ? 0 : ERROR_CODES[message.problem];
      return new ByteWriter(3).u8(CLOSED).u16(reason).done();
    }
  }
}

/** @throws `audio-malformed` */
export function decodeAudio(bytes: Uint8Array): AudioMessage {
  const reader = new ByteReader(bytes, 'audio-malformed');
  switch (reader.u8()) {
    case OPEN:
      reader.end();
      return { type: 'open' };
    case PACKET: {
      const number = reader.u32();
      const packet = bytes.subarray(PACKET_HEADER);
      if (packet.length > MAX_AUDIO_PACKET || !isAudioFrame(packet)) throw malformed('no frame of 20 ms');
      return { type: 'packet', number, packet };
    }
    case CLOSED: {
      const reason = reader.u16();
      reader.end();
      if (reason === 0) return { type: 'closed' };
      const problem = errorCodeFromNumber(reason);
      if (!isAudioProblem(problem)) throw malformed('no such reason');
      return { type: 'closed', problem };
    }
    default:
      throw malformed('no such message');
  }
}

/** Whether the first byte says one Opus frame of 20 ms (RFC 6716, 3.1: configuration, stereo, count code 0). */
export function isAudioFrame(packet: Uint8Array): boolean {
  const [first] = packet;
  if (first === undefined || (first & 3) !== 0) return false;
  return frameTime(first >> 3) === AUDIO_FRAME_TIME;
}

/** ms, by the table of RFC 6716, 3.1. */
function frameTime(configuration: number): number {
  if (configuration < 12) return [10, 20, 40, 60][configuration % 4] ?? 0;
  if (configuration < 16) return [10, 20][configuration % 2] ?? 0;
  return [2.5, 5, 10, 20][configuration % 4] ?? 0;
}

/** The receiving side's view of what comes: in order, within an `open`, never back. */
export class AudioSequence {
  #open = false;
  #next = 0;

  /** Reads the next message. @throws `audio-malformed` */
  read(bytes: Uint8Array): AudioMessage {
    const message = decodeAudio(bytes);
    if (message.type === 'open') {
      if (this.#open) throw malformed('open twice');
      this.#open = true;
      this.#next = 0;
    } else if (message.type === 'packet') {
      if (!this.#open || message.number < this.#next) throw malformed('a packet out of order');
      this.#next = message.number + 1;
    } else {
      this.#open = false;
    }
    return message;
  }
}

function malformed(message: string): LiveletError {
  return new LiveletError('audio-malformed', message);
}
