import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LiveletError, MAX_ENVELOPE, type ProblemReport, REPORT_TEXTS } from '@livelet/core/wire';
import { writeWholeFile } from '@livelet/program';
import { shown } from '../archive-tool/export-chats.js';

/** @throws `config-unreadable` (data: file, problem) */
export async function readSealedFile(file: string): Promise<Uint8Array> {
  const refuse = (problem: string, cause?: unknown): LiveletError =>
    new LiveletError('config-unreadable', `${file}: ${problem}`, { cause, data: { file, problem } });
  try {
    await using handle = await open(file, 'r');
    if ((await handle.stat()).size > MAX_ENVELOPE.report) throw refuse('too long');
    return Uint8Array.from(await handle.readFile());
  } catch (cause) {
    if (cause instanceof LiveletError) throw cause;
    throw refuse((cause as NodeJS.ErrnoException).code ?? 'unreadable', cause);
  }
}

/** Every file that a report can have. */
const FILES = [...REPORT_TEXTS.map((id) => `${id}.txt`), 'picture.png', 'picture.jpeg'];

/**
 * Writes each part of a report to a file of its own, for the owner only; what another one left there goes first. Anybody can send one: its parts have fixed
 * names, and what would steer a terminal is taken out of its texts.
 * @returns the files
 */
export async function writeReport(
  { items }: ProblemReport,
  folder: string,
  name: string,
): Promise<readonly string[]> {
  for (const file of FILES) await rm(join(folder, name, file), { force: true });
  const files: string[] = [];
  for (const item of items) {
    const isPicture = item.id === 'picture';
    const ending = isPicture ? item.type.replace('image/', '') : 'txt';
    const file = join(folder, name, `${item.id}.${ending}`);
    await writeWholeFile(file, isPicture ? Buffer.from(item.picture, 'base64') : shown(item.text));
    files.push(file);
  }
  return files;
}
