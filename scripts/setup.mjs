// Makes this machine ready for `npm start`, `npm test` and `npm run bench`: npm packages, Debian packages, build.
// Runs on the Node that the machine came with, before anything is installed: built-in modules only.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The project's own Node, a devDependency. */
export const node = join(root, 'node_modules/.bin/node');

/** Where Debian keeps this machine's libraries. */
const libraries = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

/**
 * Debian packages: what each is for, and the program or the file that tells that it is there. `optional`: comes with
 * the others, and everything works without it. `with`: what must be of its very version.
 */
const RUN = [
  { name: 'chromium', program: 'chromium', why: 'shows the pages of operator and customer' },
  { name: 'xvfb', program: 'Xvfb', why: 'the private desktop that is shared' },
  { name: 'openbox', program: 'openbox', why: 'moves and frames the windows of that desktop' },
  { name: 'xterm', program: 'xterm', why: 'a terminal on that desktop' },
  { name: 'x11-xserver-utils', program: 'xrandr', why: 'changes the size and the monitors of that desktop' },
  { name: 'sox', program: 'rec', why: 'records what the computer plays', optional: true },
  {
    name: 'libsox-fmt-pulse',
    file: `${libraries}/sox/libsox_fmt_pulseaudio.so`,
    why: 'records it from PulseAudio',
    optional: true,
  },
  { name: 'pulseaudio-utils', program: 'pactl', why: 'finds microphones', optional: true },
  {
    name: 'libturbojpeg0',
    file: `${libraries}/libturbojpeg.so.0`,
    why: 'codes photos on the screen several times faster',
    optional: true,
  },
];
const TOUR = [
  ...RUN,
  { name: 'xclip', program: 'xclip', why: 'copies and pastes at the shared desktop' },
  { name: 'ffmpeg', program: 'ffprobe', why: 'plays what was recorded, and looks at it' },
];
const TEST = [
  ...TOUR,
  {
    name: 'chromium-headless-shell',
    program: 'chromium-headless-shell',
    with: ['chromium'],
    why: 'opens the pages that nobody looks at, for a third of the processor’s time',
  },
  { name: 'x11-utils', program: 'xwininfo', why: 'asks the display what is on it' },
  { name: 'xdotool', program: 'xdotool', why: 'plays the person at the shared desktop' },
  { name: 'imagemagick', program: 'import', why: 'a second opinion on what the display shows' },
  { name: 'pulseaudio', program: 'pulseaudio', why: 'loudspeakers and microphones of the tests’ own' },
  { name: 'tinyproxy', program: 'tinyproxy', why: 'a real proxy between the ends and the relay' },
  {
    name: 'postgresql',
    program: 'pg_ctlcluster',
    why: 'the relay’s other database, started by the tests themselves',
  },
  { name: 'haproxy', program: 'haproxy', why: 'the relay behind it; its speed is compared with the relay’s' },
  { name: 'sslscan', program: 'sslscan', why: 'looks at what TLS the relay offers' },
  { name: 'nginx', program: 'nginx', why: 'the relay behind it, by the example that its guide gives' },
  { name: 'curl', program: 'curl', why: 'asks a relay as its guide does' },
  { name: 'systemd', program: 'systemd-analyze', why: 'looks at the relay’s unit' },
];
const BENCH = [
  ...TEST,
  { name: 'websockify', program: 'websockify', why: 'what its speed over WebSocket is compared with' },
];
const SCREEN = [
  ...BENCH,
  { name: 'x11vnc', program: 'x11vnc', why: 'what the picture’s speed is compared with' },
  {
    name: 'tigervnc-standalone-server',
    program: 'Xtigervnc',
    why: 'a display that is compared with the rest',
  },
  { name: 'novnc', file: '/usr/share/novnc/vnc.html', why: 'the page that shows both of them' },
];
const FILES = [
  {
    name: 'openssh-server',
    file: '/usr/sbin/sshd',
    why: 'the end that scp sends to; Debian also starts it for the whole machine',
  },
  { name: 'openssh-client', program: 'scp', why: 'what the speed of files is compared with' },
  { name: 'magic-wormhole', program: 'wormhole', why: 'what the speed of files is compared with' },
  {
    name: 'python3-magic-wormhole-mailbox-server',
    file: '/usr/lib/python3/dist-packages/wormhole_mailbox_server/__init__.py',
    why: 'where its two ends find each other',
  },
  {
    name: 'magic-wormhole-transit-relay',
    file: '/usr/lib/python3/dist-packages/wormhole_transit_relay/__init__.py',
    why: 'what is between its two ends',
  },
];
const PACKAGES = { start: RUN, tour: TOUR, test: TEST, bench: BENCH, screen: SCREEN, files: FILES };

/** The command line of a script: `--no-install` is understood by all. */
export function options(argv = process.argv.slice(2)) {
  return { install: !argv.includes('--no-install'), rest: argv.filter((word) => word !== '--no-install') };
}

/** Everything that `purpose` (`start`, `tour`, `test`, `bench`, `screen` or `files`) needs. Ends the process with what to do when it can't be had. */
export async function prepare(purpose, { install }) {
  await npmPackages(install);
  await debianPackages(PACKAGES[purpose], install);
  await step('Building what changed', node, ['scripts/build.mjs']);
}

async function npmPackages(install) {
  const changed = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isFresh = changed('node_modules/.package-lock.json') >= changed('package-lock.json');
  if (isFresh && changed('node_modules/.bin/node') > 0) return;
  if (!install) giveUp('The npm packages are missing or older than package-lock.json. Run: npm ci');
  await step('Installing the npm packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

async function debianPackages(wanted, install) {
  const missing = wanted.filter(({ program, file }) => !(program ? isOnPath(program) : existsSync(file)));
  if (missing.length === 0) return;
  console.log('Debian packages that are missing:');
  for (const { name, why } of missing) console.log(`  ${name.padEnd(18)} ${why}`);
  const names = [...new Set(missing.flatMap((one) => [one.name, ...(one.with ?? [])]))];
  if (missing.every(({ optional }) => optional)) {
    console.log(`Everything works without. To have it: sudo apt-get install ${names.join(' ')}`);
    return;
  }
  const become = install ? rootCommand() : undefined;
  if (!become || !isOnPath('apt-get')) {
    giveUp(
      `Install them with: sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(' ')}`,
    );
  }
  const apt = async (title, ...words) => {
    const [command, ...rest] = [...become, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...words];
    await step(title, command, rest);
  };
  await apt('Reading the Debian package lists', 'update');
  await apt('Installing the Debian packages', 'install', '-y', '--no-install-recommends', ...names);
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The words before a command that make it run as root; undefined when that needs a person. */
function rootCommand() {
  if (process.getuid?.() === 0) return [];
  const sudo = ['sudo', '-n'];
  const works = isOnPath('sudo') && spawnSync(sudo[0], [sudo[1], 'true'], { stdio: 'ignore' }).status === 0;
  return works ? sudo : undefined;
}

/** Runs one step without its output, which is shown only when the step fails. */
async function step(title, command, words) {
  console.log(`${title} ...`);
  let tail = '';
  const child = spawn(command, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (chunk) => {
    tail = (tail + chunk).slice(-20_000);
  };
  const status = await ended(child, keep, true);
  if (status !== 0) giveUp(`${tail}\n${title} failed. Mend what it says above, then run the command again.`);
}

function giveUp(message) {
  console.error(message);
  process.exit(1);
}

/**
 * Runs the real work with its output and ends with its exit status.
 * @param options.environment added to this process's
 * @param options.signs whether to show that it is alive: not where it waits for people
 */
export function run(command, words, { environment = {}, signs = true } = {}) {
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(command, words, {
    cwd: root,
    stdio: ['inherit', 'pipe', 'pipe'],
    env: { ...colours, ...process.env, PATH: path, ...environment },
  });
  // Ctrl-C in a terminal reaches the child by itself; this process only has to outlive it.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const print = (chunk) => {
    process.stdout.write(chunk);
    return true;
  };
  return ended(child, print, signs);
}

/**
 * Passes the child's output to `heard`, which tells whether it printed it. With `signs`: a line whenever nothing was
 * printed for 2 s.
 */
async function ended(child, heard, signs) {
  const started = Date.now();
  let printed = started;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      if (heard(chunk)) printed = Date.now();
    });
  }
  const timer = setInterval(() => {
    if (!signs || Date.now() - printed < 2000) return;
    printed = Date.now();
    console.log(`  ... ${Math.round((printed - started) / 1000)} s`);
  }, 500);
  const status = await new Promise((resolve) => {
    child.on('error', (error) => {
      heard(`${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
  clearInterval(timer);
  return status;
}
