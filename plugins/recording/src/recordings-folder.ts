import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Of the folder for videos, in the person's own. */
const NAME = 'Livelet';

/** Where recordings go unless the host says otherwise: the folder `Livelet` among the person's videos. */
export async function defaultRecordingsFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const home = environment.HOME || homedir();
  const videos = process.platform === 'darwin' ? 'Movies' : 'Videos';
  return join((await userVideos(environment, home)) ?? join(home, videos), NAME);
}

/** Linux desktops name their folders in the person's language: `$HOME/Video`. */
async function userVideos(environment: NodeJS.ProcessEnv, home: string): Promise<string | undefined> {
  const settings = join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'user-dirs.dirs');
  const text = await readFile(settings, 'utf8').catch(() => '');
  const line = /^XDG_VIDEOS_DIR="([^"\n]+)"/m.exec(text)?.[1];
  const folder = line?.replace(/^\$HOME(?=\/|$)/, home);
  return folder !== undefined && isAbsolute(folder) && folder !== home ? folder : undefined;
}

/** `livelet-2026-11-22T093005`, in the person's own time. */
export function recordingName(wallTime: number): string {
  const local = new Date(wallTime - new Date(wallTime).getTimezoneOffset() * 60_000);
  return `livelet-${local.toISOString().slice(0, 19).replaceAll(':', '')}`;
}
