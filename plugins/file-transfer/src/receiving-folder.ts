import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Of the folders for downloads, in the person's own. */
const NAME = 'Livelet';

/** Where files arrive unless the host says otherwise: the folder `Livelet` among the person's downloads. */
export async function defaultReceivingFolder(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const home = environment.HOME || homedir();
  return join((await userDownloads(environment, home)) ?? join(home, 'Downloads'), NAME);
}

/** Linux desktops name their folders in the person's language: `$HOME/Scaricati`. */
async function userDownloads(environment: NodeJS.ProcessEnv, home: string): Promise<string | undefined> {
  const settings = join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'user-dirs.dirs');
  const text = await readFile(settings, 'utf8').catch(() => '');
  const line = /^XDG_DOWNLOAD_DIR="([^"\n]+)"/m.exec(text)?.[1];
  const folder = line?.replace(/^\$HOME(?=\/|$)/, home);
  return folder !== undefined && isAbsolute(folder) && folder !== home ? folder : undefined;
}
