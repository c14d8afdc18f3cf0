/** Writes a film as the host does, and is killed before it is finished. Words: the frames as JSON, the folder. */
import { readFile } from 'node:fs/promises';
import { systemClock } from '@livelet/core';
import { RecordingFile } from '../src/recording-file.js';
import { WebmWriter } from '../src/webm-writer.js';
import type { KeptFrame } from './kept-frames.js';

const [frames = '', folder = ''] = process.argv.slice(2);
const file = await RecordingFile.create(folder, 'killed', systemClock, { needed: 0, reserved: 0 });
let writer: WebmWriter | undefined;
for (const { at, key, bytes, ...format } of JSON.parse(await readFile(frames, 'utf8')) as KeptFrame[]) {
  writer ??= await WebmWriter.begin(file, format, false);
  await writer.frame(at, key, Buffer.from(bytes, 'base64'));
}
process.kill(process.pid, 'SIGKILL');
