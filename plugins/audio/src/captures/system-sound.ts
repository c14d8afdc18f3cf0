import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { AudioDevice } from '@livelet/core';

const run = promisify(execFile);

/** How long the sound server has to answer, ms, and how much it may say, bytes. */
const DEADLINE = 2000;
const MAX_ANSWER = 1024 * 1024;
const MAX_DEVICES = 64;
/** UTF-16 units. */
const MAX_ID = 256;
const MAX_LABEL = 128;

/** By what this computer's sound can be recorded, beside a page. */
export type SystemSound =
  /** SoX from PulseAudio, or PipeWire in its place: microphones and what is played. */
  | 'pulse'
  /** ALSA: its default microphone. */
  | 'alsa'
  | 'none';

/** Looks what there is now: a person may start a sound server later. */
export async function systemSound(environment: NodeJS.ProcessEnv): Promise<SystemSound> {
  if (process.platform !== 'linux') return 'none';
  if ((await isOnPath('rec', environment)) && (await pulse(environment, 'info')) !== undefined)
    return 'pulse';
  return (await isOnPath('arecord', environment)) ? 'alsa' : 'none';
}

/** PulseAudio's microphones; its monitors, which give what is played, are not among them. */
export async function pulseMicrophones(environment: NodeJS.ProcessEnv): Promise<readonly AudioDevice[]> {
  const answer = await pulse(environment, '--format=json', 'list', 'sources');
  if (answer === undefined) return [];
  return parseSources(answer);
}

/**
 * PulseAudio's microphone that the system prefers. Left to itself PulseAudio gives what the computer plays where there is
 * none, and who lets their microphone be heard hasn't allowed that.
 */
export async function preferredMicrophone(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const microphones = await pulseMicrophones(environment);
  const preferred = (await pulse(environment, 'get-default-source'))?.trim();
  return (microphones.find(({ id }) => id === preferred) ?? microphones[0])?.id;
}

/** Reads what `pactl --format=json list sources` says; nothing in a form that isn't known. */
export function parseSources(answer: string): readonly AudioDevice[] {
  let sources: unknown;
  try {
    sources = JSON.parse(answer);
  } catch {
    return [];
  }
  if (!Array.isArray(sources)) return [];
  return sources
    .map((source: Readonly<Record<string, unknown>>) => ({
      name: source?.name,
      description: source?.description,
    }))
    .flatMap(({ name, description }): AudioDevice[] => {
      if (typeof name !== 'string' || name.length > MAX_ID || name.endsWith('.monitor')) return [];
      const label = typeof description === 'string' && description !== '' ? description : name;
      return [{ place: 'host', id: name, label: label.slice(0, MAX_LABEL) }];
    })
    .slice(0, MAX_DEVICES);
}

async function pulse(environment: NodeJS.ProcessEnv, ...words: string[]): Promise<string | undefined> {
  try {
    const options = { env: environment, timeout: DEADLINE, maxBuffer: MAX_ANSWER };
    return (await run('pactl', words, options)).stdout;
  } catch {
    return undefined;
  }
}

async function isOnPath(program: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    try {
      await access(join(folder, program), constants.X_OK);
      return true;
    } catch {
      // Looked for in the next one.
    }
  }
  return false;
}
