import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LiveletError } from '@livelet/core';
import type { ElectronParts } from './electron-parts.js';

/** Whether this process is Electron's main process. */
export function insideElectron(): boolean {
  return process.versions.electron !== undefined;
}

/** @throws LiveletError `electron-missing` outside of Electron; see relaunchInElectron */
export async function loadElectron(): Promise<ElectronParts> {
  if (!insideElectron()) throw new LiveletError('electron-missing', 'this is not a process of Electron');
  return import('electron');
}

/**
 * Runs this very program, with the same arguments, in Electron, and resolves when it has ended; its exit code becomes
 * this process's. For a host that was asked for the Electron shell and isn't `insideElectron()`.
 * @throws LiveletError `electron-missing`
 */
export async function relaunchInElectron(signal: AbortSignal): Promise<void> {
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const child = spawn(electronProgram(), process.argv.slice(1), {
    stdio: 'inherit',
    // Chromium refuses to run as root with its sandbox; the page says that it is missing.
    env: process.getuid?.() === 0 ? { ...environment, ELECTRON_DISABLE_SANDBOX: '1' } : environment,
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    const [code] = await once(child, 'exit');
    process.exitCode = typeof code === 'number' ? code : 1;
  } catch (cause) {
    throw new LiveletError('electron-missing', "Electron's program can't be started", { cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Where npm's `electron` has put the program. Its own module would begin a download when it isn't there.
 * @throws LiveletError `electron-missing`
 */
export function electronProgram(folder = electronFolder()): string {
  try {
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    if (existsSync(program)) return program;
  } catch {
    // Installed without its program.
  }
  throw new LiveletError('electron-missing', 'npm has not installed the program of Electron');
}

function electronFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch (cause) {
    throw new LiveletError('electron-missing', 'npm has not installed Electron', { cause });
  }
}
