import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../fixtures/program.js';
import { machine, table } from './figure.js';
import { measureHandshake } from './handshake.js';
import { measureSession } from './session.js';

const tell = (line: string): void => console.error(line);

tell('Handshake');
const figures = [measureHandshake(), ...(await measureSession(tell))];
const report = `${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}\n`;
const folder = join(root, 'test/bench/results');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'bench.md'), report);
console.log(report);
