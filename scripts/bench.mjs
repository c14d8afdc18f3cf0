// `npm run bench`: measures the product and prints the figures. See test/bench/bench.ts.
// `npm run bench:relay`: the relay alone, beside references. See test/bench/relay/bench-relay.ts.
// `npm run bench:screen`: the picture, beside other programs' picture. See test/bench/screen/bench-screen.ts.
// `npm run bench:screen -- --profile`: what the picture's time and bytes go to.
// `npm run bench size`: a session on 1920 x 1080 and on 3840 x 2160. See test/bench/screen-size.ts.
// `npm run bench audio`: sound from mouth to ear. See test/bench/audio/bench-audio.ts.
// `npm run bench files`: files through a relay, beside other programs. See test/bench/files/bench-files.ts.
// `npm run bench camera`: a camera on lines of three rates. See test/bench/camera/bench-camera.ts.
// `npm run bench recording`: what a recording costs. See test/bench/recording/bench-recording.ts.
import { node, options, prepare, run } from './setup.mjs';

/** What the first word chooses: the program, and the purpose whose packages it needs. */
const BENCHES = {
  relay: { program: 'relay/bench-relay.js', purpose: 'bench' },
  screen: { program: 'screen/bench-screen.js', purpose: 'screen' },
  audio: { program: 'audio/bench-audio.js', purpose: 'bench' },
  files: { program: 'files/bench-files.js', purpose: 'files' },
  camera: { program: 'camera/bench-camera.js', purpose: 'screen' },
  recording: { program: 'recording/bench-recording.js', purpose: 'bench' },
  size: { program: 'screen-size.js', purpose: 'bench' },
};

const { install, rest } = options();
const [first, ...words] = rest;
const chosen = BENCHES[first];
const { program, purpose } = chosen ?? { program: 'bench.js', purpose: 'bench' };
await prepare(purpose, { install });
process.exitCode = await run(node, [`test/dist/bench/${program}`, ...(chosen ? words : rest)]);
