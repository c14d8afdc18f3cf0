#!/usr/bin/env node
import { start } from '@livelet/program/start';

start('livelet-relay', () => import('../dist/src/main.js'));
