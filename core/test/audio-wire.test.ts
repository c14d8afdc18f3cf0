import test from 'ava';
import {
  type AudioMessage,
  AudioSequence,
  decodeAudio,
  encodeAudio,
  isAudioFrame,
  MAX_AUDIO_MESSAGE,
} from '../src/index.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const MESSAGES: readonly (readonly [AudioMessage, string])[] = [
  [{ type: 'open' }, '01'],
  [{ type: 'packet', number: 258, packet: Uint8Array.of(0xf8, 1, 2) }, '0200000102f80102'],
  [{ type: 'closed' }, '030000'],
  [{ type: 'closed', problem: 'audio-refused' }, '030278'],
];

for (const [message, bytes] of MESSAGES) {
  test(`${bytes}: ${message.type}`, (t) => {
    t.is(hex(encodeAudio(message)), bytes);
    t.deepEqual(decodeAudio(Buffer.from(bytes, 'hex')), {
      ...message,
      ...(message.type === 'packet' && { packet: Buffer.from(message.packet) }),
    });
  });
}

test('one frame of 20 ms is told by its first byte, in each of the codec’s modes', (t) => {
  const times = Array.from({ length: 32 }, (_, configuration) =>
    isAudioFrame(Uint8Array.of(configuration << 3)),
  );
  const twenty = [1, 5, 9, 13, 15, 19, 23, 27, 31];
  t.deepEqual(
    times.flatMap((is, configuration) => (is ? [configuration] : [])),
    twenty,
  );
  for (const count of [1, 2, 3]) t.false(isAudioFrame(Uint8Array.of(0xf8 | count)));
  t.true(isAudioFrame(Uint8Array.of(0xfc)), 'two channels');
  t.false(isAudioFrame(new Uint8Array()));
});

test('no bytes whatever make anything but a message or audio-malformed', (t) => {
  const sequence = new AudioSequence();
  for (let first = 0; first < 256; first += 1) {
    for (const length of [1, 2, 3, 5, 6, MAX_AUDIO_MESSAGE, MAX_AUDIO_MESSAGE + 1]) {
      const bytes = new Uint8Array(length).fill(0xf8).fill(first, 0, 1);
      try {
        sequence.read(bytes);
        t.true(first >= 1 && first <= 3);
      } catch (error) {
        t.like(error, { code: 'audio-malformed' });
      }
    }
  }
});
