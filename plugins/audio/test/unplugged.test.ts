import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startPulse } from '@livelet/compliance';
import test from 'ava';
import { startEngineBrowser } from './engine-pages.js';
import { hostAudio } from './hosted-audio.js';

const run = promisify(execFile);
const EARS = 'ears';
const pulse = await startPulse([EARS]);
// For the programs that record the customer's computer.
process.env.PULSE_SERVER = pulse.environment.PULSE_SERVER;
const browser = await startEngineBrowser(pulse, EARS);
test.after.always(async () => {
  await browser[Symbol.asyncDispose]();
  await pulse[Symbol.asyncDispose]();
});

test('a loudspeaker that is unplugged is told as that, to both, and another one is heard', async (t) => {
  const pactl = async (...words: string[]): Promise<string> => (await run('pactl', words)).stdout.trim();
  await using hosted = await hostAudio();
  await using _ = await browser.engine((port) => hosted.connect('customer', port));
  const [theirs, mine] = [hosted.panel('customer'), hosted.panel('operator')];
  const module = await pactl('load-module', 'module-null-sink', 'sink_name=headphones');
  await pactl('set-default-sink', 'headphones');
  // Where the server moves whoever recorded what is gone; nobody has allowed that one.
  await pactl('load-module', 'module-null-source', 'source_name=microphone');
  await pactl('set-default-source', 'microphone');
  hosted.grant('hear-computer');
  await mine.until(({ tracks }) => tracks['hear-computer'].live);
  await pactl('unload-module', module);
  await theirs.until(({ tracks }) => tracks['hear-computer'].problem === 'audio-unplugged');
  await mine.until(({ tracks }) => tracks['hear-computer'].problem === 'audio-unplugged');
  await pactl('set-default-sink', EARS);
  theirs.post({ type: 'mute', track: 'hear-computer', muted: true });
  theirs.post({ type: 'mute', track: 'hear-computer', muted: false });
  await mine.until(({ tracks }) => tracks['hear-computer'].live);
  t.is(theirs.state?.tracks['hear-computer'].problem, undefined);
});
