import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { LiveletError } from '@livelet/core';

/** Names on PATH, best first. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'chrome',
];

/** Where macOS and Windows put them, which is not on PATH. */
const PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) => {
    const folder = process.env[variable];
    if (folder === undefined) return [];
    return [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ];
  }),
};

/** The program at `wanted`, or else an installed browser that can show an app window. @throws LiveletError `browser-missing` */
export async function findBrowser(wanted?: string, searchPath = process.env.PATH ?? ''): Promise<string> {
  if (wanted !== undefined) {
    if (await isExecutable(wanted)) return wanted;
    throw new LiveletError('browser-missing', `${wanted} is not a program`);
  }
  const folders = searchPath.split(delimiter).filter(isAbsolute);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const candidate of [...onPath, ...(PLACES[process.platform] ?? [])]) {
    if (await isExecutable(candidate)) return candidate;
  }
  throw new LiveletError('browser-missing', `none of ${NAMES.join(', ')} is installed`);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
