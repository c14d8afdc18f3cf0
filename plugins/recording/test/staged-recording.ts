import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { RecorderToPicture } from '../src/page-protocol.js';
import { type HostedRecording, type HostOptions, hostRecording } from './hosted-recording.js';
import { sandbox } from './sandbox.js';

/** Of the frames that are posted. */
export const FORMAT = { codec: 'vp8', width: 64, height: 48 } as const;

/** A recording without pages, and what a test says in their place. */
export interface Stage {
  readonly hosted: HostedRecording;
  readonly menu: ReturnType<HostedRecording['menu']>;
  readonly picture: ReturnType<HostedRecording['picture']>;
  readonly panel: ReturnType<HostedRecording['panel']>;
  readonly folder: string;
  /** Posts a frame of the run that is on; resolves once it is with the disk. */
  frame(key?: boolean, bytes?: Uint8Array): Promise<void>;
}

export async function staged(t: ExecutionContext, more: Partial<HostOptions> = {}): Promise<Stage> {
  const folder = more.folder ?? join(await sandbox(t), 'recordings');
  const hosted = await hostRecording({ folder, ...more });
  t.teardown(async () => await hosted[Symbol.asyncDispose]());
  const [menu, picture, panel] = [hosted.menu(), hosted.picture(), hosted.panel()];
  let number = 0;
  return {
    hosted,
    menu,
    picture,
    panel,
    folder,
    async frame(key = true, bytes = new Uint8Array(1000).fill(7)) {
      number += 1;
      picture.say({ type: 'frame', run: runOf(picture.heard), number, key, age: 0, ...FORMAT }, bytes);
      const sent = number;
      await picture.until((message) => message.type === 'taken' && message.number === sent);
    },
  };
}

function runOf(heard: readonly RecorderToPicture[]): number {
  return heard.reduce((last, message) => (message.type === 'run' ? message.run : last), 0);
}

/** The same, recording. */
export async function started(t: ExecutionContext, more: Partial<HostOptions> = {}): Promise<Stage> {
  const stage = await staged(t, more);
  stage.hosted.grant();
  await stage.menu.until(({ grant }) => grant === 'granted');
  stage.menu.say({ type: 'start', sound: false });
  await stage.picture.until(({ type }) => type === 'run');
  return stage;
}
