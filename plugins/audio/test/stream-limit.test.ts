import { AUDIO_PATHS, AUDIO_TRACKS, asLiveletError } from '@livelet/core';
import test from 'ava';
import { hostAudio } from './hosted-audio.js';

for (const track of AUDIO_TRACKS) {
  test(`streams of ${track} that come faster than a person could want them are reset`, async (t) => {
    await using hosted = await hostAudio(false);
    hosted.grant(track);
    const path = AUDIO_PATHS[track];
    using channel = hosted.pair.operator.pluginChannel({ serves: [], opens: [{ path, priority: 'audio' }] });
    const codes: string[] = [];
    for (let count = 0; count < 25; count += 1) {
      const opened = channel.open(path).then(
        () => 'open',
        (error: unknown) => asLiveletError(error).code,
      );
      codes.push(await opened);
    }
    const expected = Array.from({ length: 25 }, (_, index) => (index < 20 ? 'open' : 'request-too-soon'));
    t.deepEqual(codes, expected);
  });
}
