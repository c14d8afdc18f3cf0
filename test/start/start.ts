import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDesktop } from '../fixtures/desktop.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { root } from '../fixtures/program.js';
import { playTour } from './tour.js';

const HELP = `A whole support session on this machine: relay, operator's console, and a Livelet.

  npm start                            shares a private desktop in memory
  npm start -- --share-this-desktop    shares the desktop that you see
  npm start -- --tour                  plays a session by itself; pictures and report in test/tour/
  npm start -- --shell electron        opens the windows in Electron, where its binary is installed
  npm start -- --no-install            only says what is missing on this machine
`;

const OPTIONS = {
  'share-this-desktop': { type: 'boolean' },
  tour: { type: 'boolean' },
  shell: { type: 'string', default: 'browser' },
  help: { type: 'boolean' },
} as const;

/** Wrong words on the command line, as in the programs themselves. */
const EXIT_USAGE = 2;

const tell = (line: string): void => console.log(line);

process.exitCode = await main();

async function main(): Promise<number> {
  let words: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
  try {
    words = parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    return EXIT_USAGE;
  }
  if (words.help) {
    tell(HELP);
    return 0;
  }
  if (words.shell !== 'browser' && words.shell !== 'electron') {
    console.error(`--shell is browser or electron.\n\n${HELP}`);
    return EXIT_USAGE;
  }
  return words.tour ? tour() : session(words['share-this-desktop'] ?? false, words.shell);
}

async function tour(): Promise<number> {
  try {
    await playTour(join(root, 'test/tour'), tell);
    return 0;
  } catch (error) {
    console.error(error);
    return 1;
  }
}

async function session(shareThisDesktop: boolean, shell: 'browser' | 'electron'): Promise<number> {
  const ownDisplay = process.env.DISPLAY;
  if (shareThisDesktop && !ownDisplay) {
    console.error('There is no desktop to share here: DISPLAY is not set. Leave --share-this-desktop out.');
    return 1;
  }
  await using stack = new AsyncDisposableStack();
  const asked = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  const display = shareThisDesktop && ownDisplay ? ownDisplay : stack.use(await startDesktop()).display;
  tell(`Shared desktop: display ${display}`);
  const running = stack.use(
    await startLocalSession({
      display,
      shell,
      onStarted: tell,
      ...(ownDisplay && { windowDisplay: ownDisplay }),
    }),
  );
  if (!ownDisplay) {
    tell(`\nOpen these two pages in a browser on this machine; each address works once.`);
    tell(`  operator  ${running.operatorPage}`);
    tell(`  customer  ${running.liveletPage}`);
  }
  tell('\nIn the console press “New session”, type the code into the Livelet, press “Allow”.');
  tell('The Livelet ends with its session; Ctrl-C ends everything.');
  await Promise.race([asked, running.operator.exited, running.relay.exited]);
  return 0;
}
