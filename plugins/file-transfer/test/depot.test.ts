import { join } from 'node:path';
import { type FileDepotUnderTest, testFileDepot } from '@livelet/compliance';
import {
  OFFERED_FILES_PATH,
  SEND_FILES_PATH,
  type ServicePath,
  SHARED_FILES_PATH,
  TAKE_FILES_PATH,
} from '@livelet/core';
import test from 'ava';
import { hostFiles } from './hosted-files.js';

const opened = (path: ServicePath) => ({ path, priority: 'files' }) as const;
export const COURIER_PATHS = {
  serves: [],
  opens: [SEND_FILES_PATH, TAKE_FILES_PATH, SHARED_FILES_PATH, OFFERED_FILES_PATH].map(opened),
};

testFileDepot(
  (title, body) => test.serial(title, body),
  async (): Promise<FileDepotUnderTest> => {
    const hosted = await hostFiles({ courier: false });
    // Nothing is asked: what is there stays, and what comes stands beside it.
    hosted.page('customer').answer('keep-both');
    // The page is asked a little later, and no timer of the halves keeps a program running.
    const awake = setInterval(() => undefined, 1_000);
    const channel = hosted.pair.operator.pluginChannel(COURIER_PATHS);
    return {
      send: () => channel.open(SEND_FILES_PATH),
      take: () => channel.open(TAKE_FILES_PATH),
      stop: () => hosted.stop(),
      folder: hosted.folders.customer,
      sandbox: join(hosted.sandbox, 'customer'),
      async [Symbol.asyncDispose]() {
        clearInterval(awake);
        channel[Symbol.dispose]();
        await hosted[Symbol.asyncDispose]();
      },
    };
  },
);
