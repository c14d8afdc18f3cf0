#!/usr/bin/env node
import { start } from '@livelet/program/start';

start('livelet-report', () => import('../dist/src/report-tool/main.js'));
