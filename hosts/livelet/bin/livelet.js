#!/usr/bin/env node
import { start } from '@livelet/program/start';

start('livelet', () => import('../dist/src/main.js'));
