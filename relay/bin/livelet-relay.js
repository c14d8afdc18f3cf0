#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { start } from '@livelet/program/start';

// Bytes on their way are short-lived buffers outside the heap, which only a collection frees. Where the space for young
// objects stays as small as it begins, and is collected early, that is cheap and often enough; where it grows, the
// buffers set off collections of the whole heap instead, which cost as much as everything else a relay does.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--minor-gc-task-trigger=5');

start('livelet-relay', () => import('../dist/src/main.js'));
