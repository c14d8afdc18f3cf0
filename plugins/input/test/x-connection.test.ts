import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { XConnection } from '../src/x-connection.js';
import { RecordingClient } from './recording-client.js';

const run = promisify(execFile);

test.serial(
  'what answers pings is known on a second display too, whose atoms have other numbers',
  async (t) => {
    for (const before of [['FIRST'], ['SECOND', 'THIRD', 'FOURTH']]) {
      await using stack = new AsyncDisposableStack();
      const server = stack.use(await startXvfb({ width: 640, height: 480 }));
      const client = stack.use(await RecordingClient.open(server.name));
      const silent = await client.window(0, 0, 100, 100);
      const answering = await client.window(100, 0, 100, 100);
      const set = async (name: string, format: string, value: string): Promise<void> => {
        const of = ['-display', server.name, '-id', `${answering}`];
        await run('xprop', [...of, '-f', name, format, '-set', name, value]);
      };
      for (const name of before) await set(name, '32c', '1');
      await set('WM_PROTOCOLS', '32a', '_NET_WM_PING');
      const display = stack.use(await XConnection.open(server.name, systemClock));
      t.true(await display.takesPings(answering), before.join());
      t.false(await display.takesPings(silent), before.join());
    }
  },
);
