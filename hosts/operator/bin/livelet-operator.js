#!/usr/bin/env node
import { start } from '@livelet/program/start';

start('livelet-operator', () => import('../dist/src/main.js'));
