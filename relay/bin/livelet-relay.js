#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { start } from '@livelet/program/start';

// On a single core the threads that collect in the background stand in the way of the one that passes bytes on: a frame
// waits up to a tenth of a second for them. Only a start can switch them off, so this process begins once more, as
// itself.
const ALONE = '--single-threaded-gc';
if (availableParallelism() === 1 && !process.execArgv.includes(ALONE) && !process.connected) {
  process.execve?.(process.execPath, [
    process.execPath,
    ALONE,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]);
}

// Bytes on their way are short-lived buffers outside the heap, which only a collection frees. Where the space for young
// objects stays as small as it begins, and is collected early, that is cheap and often enough; where it grows, the
// buffers set off collections of the whole heap instead, which cost as much as everything else a relay does.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--minor-gc-task-trigger=5');

start('livelet-relay', () => import('../dist/src/main.js'));
