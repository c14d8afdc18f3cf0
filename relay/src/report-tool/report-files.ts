import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemReport } from '@livelet/core/wire';
import { writeWholeFile } from '@livelet/program';
import { shown } from '../archive-tool/export-chats.js';

/**
 * Writes each part of a report to a file of its own in a new folder, for the owner only. Anybody can send one: its parts
 * have fixed names, and what would steer a terminal is taken out of its texts.
 * @param name of the folder; `.2`, `.3` and so on follow it where another report has that name
 * @returns the files
 */
export async function writeReport(
  { items }: ProblemReport,
  folder: string,
  name: string,
): Promise<readonly string[]> {
  const own = await newFolder(folder, name);
  const files: string[] = [];
  for (const item of items) {
    const isPicture = item.id === 'picture';
    const ending = isPicture ? item.type.replace('image/', '') : 'txt';
    const file = join(own, `${item.id}.${ending}`);
    await writeWholeFile(file, isPicture ? Buffer.from(item.picture, 'base64') : shown(item.text));
    files.push(file);
  }
  return files;
}

async function newFolder(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let count = 1; ; count += 1) {
    const own = join(folder, count === 1 ? name : `${name}.${count}`);
    try {
      await mkdir(own, { mode: 0o700 });
      return own;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
