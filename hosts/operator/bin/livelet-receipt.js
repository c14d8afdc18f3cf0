#!/usr/bin/env node
import { start } from '@livelet/program/start';

start('livelet-receipt', () => import('../dist/src/receipt-tool/main.js'));
