#!/usr/bin/env node
import { start } from '@livelet/program/start';

start('livelet-archive', () => import('../dist/src/archive-tool/main.js'));
