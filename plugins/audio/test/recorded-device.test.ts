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
      { by: 'pulse', device: 'gone', channels: 1, played: false },
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

/** Records one source until that ends by itself, after the module that makes it was taken away. */
async function recordUntilUnplugged(device: string, played: boolean, module: string): Promise<void> {
  const ended = Promise.withResolvers<void>();
  await using _ = await RecordedDevice.open(
    { by: 'pulse', device, channels: 1, played },
    systemClock,
    AbortSignal.timeout(60_000),
    () => undefined,
    () => ended.resolve(),
  );
  await run('pactl', ['unload-module', module.trim()]);
  await ended.promise;
}

test.serial('a microphone that is unplugged is not replaced by what the computer plays', async (t) => {
  // It moves whoever recorded what is gone to the default source.
  await run('pactl', ['load-module', 'module-rescue-streams']);
  await run('pactl', ['load-module', 'module-sine', 'sink=computer']);
  const { stdout } = await run('pactl', ['load-module', 'module-null-source', 'source_name=plugged']);
  await run('pactl', ['set-default-source', 'computer.monitor']);
  await t.notThrowsAsync(recordUntilUnplugged('plugged', false, stdout));
});

test.serial('what the computer plays is not replaced by a microphone', async (t) => {
  const { stdout } = await run('pactl', ['load-module', 'module-null-sink', 'sink_name=headphones']);
  await run('pactl', ['load-module', 'module-null-source', 'source_name=fallback']);
  await run('pactl', ['set-default-source', 'fallback']);
  await t.notThrowsAsync(recordUntilUnplugged('headphones.monitor', true, stdout));
});

test.serial('one microphone in place of another goes on', async (t) => {
  await run('pactl', ['load-module', 'module-null-source', 'source_name=one']);
  await run('pactl', ['load-module', 'module-null-source', 'source_name=two']);
  let isOver = false;
  let more = Promise.withResolvers<void>();
  await using _ = await RecordedDevice.open(
    { by: 'pulse', device: 'one', channels: 1, played: false },
    systemClock,
    AbortSignal.timeout(60_000),
    () => more.resolve(),
    () => {
      isOver = true;
    },
  );
  const { stdout } = await run('pactl', ['list', 'short', 'source-outputs']);
  const recorded = stdout.split('\n').find((line) => !line.includes('module-remap-source'));
  await run('pactl', ['move-source-output', recorded?.split('\t')[0] ?? '', 'two']);
  for (let piece = 0; piece < 10; piece++) {
    more = Promise.withResolvers<void>();
    await more.promise;
  }
  t.false(isOver);
});
