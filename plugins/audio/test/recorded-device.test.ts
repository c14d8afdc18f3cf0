import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startPulse } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { RecordedDevice } from '../src/captures/recorded-device.js';
import { preferredMicrophone, systemSound } from '../src/captures/system-sound.js';

const run = promisify(execFile);
const pulse = await startPulse(['computer']);
process.env.PULSE_SERVER = pulse.environment.PULSE_SERVER;
test.after.always(async () => await pulse[Symbol.asyncDispose]());

test.serial('what the computer plays is never taken for a microphone', async (t) => {
  t.is(await systemSound(process.env), 'pulse');
  t.is(await preferredMicrophone(process.env), undefined, 'PulseAudio itself would give the monitor');
  for (const name of ['first', 'second'])
    await run('pactl', [
      'load-module',
      'module-remap-source',
      'master=computer.monitor',
      `source_name=${name}`,
    ]);
  await run('pactl', ['set-default-source', 'second']);
  t.is(await preferredMicrophone(process.env), 'second');
  await run('pactl', ['set-default-source', 'computer.monitor']);
  t.is(await preferredMicrophone(process.env), 'first');
});

test.serial('a device that isn’t there, and a program that isn’t, are told as such', async (t) => {
  const taken: unknown[] = [];
  const take = (samples: unknown): void => void taken.push(samples);
  const open = async (): Promise<RecordedDevice> =>
    await RecordedDevice.open(
      { by: 'pulse', device: 'gone', channels: 1 },
      systemClock,
      AbortSignal.timeout(60_000),
      take,
      () => take('ended'),
    );
  await t.throwsAsync(open(), { code: 'audio-unavailable' });
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    await t.throwsAsync(open(), { code: 'audio-unavailable' });
  } finally {
    process.env.PATH = PATH;
  }
  t.deepEqual(taken, []);
});
