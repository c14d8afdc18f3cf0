// `npm start`: a whole session on this machine. See test/start/start.ts for what it starts.
import { node, options, prepare, run } from './setup.mjs';

const { install, rest } = options();
const isTour = rest.includes('--tour');
if (!rest.includes('--help')) await prepare(isTour ? 'tour' : 'start', { install });
process.exitCode = await run(node, ['test/dist/start/start.js', ...rest], {
  signs: isTour,
});
