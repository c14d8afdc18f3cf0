import { setTimeout as pause } from 'node:timers/promises';
import { connectX } from '../../fixtures/x-client.js';
import { clockNow } from './clock.js';
import type { Pictures } from './pictures.js';
import { Easel, SCENES, type Scene, type SceneName } from './scenes.js';
import { FIRST } from './works.js';

/**
 * The program whose windows are shared: a process of its own that draws the works on a display, one frame after the
 * other, and notes when it asked for each.
 */

/** A frame's number, and when its drawing was asked for: ms of {@link clockNow}. */
export type Drawing = readonly [number: number, at: number];

/** What the painter can be asked to do. */
export interface PainterActions {
  start(value: { readonly display: string; readonly pictures: Pictures }): Promise<void>;
  /** Opens a work's window, with the frame before its first. */
  open(scene: SceneName): Promise<void>;
  /** Draws `count` frames, `period` ms from each to the next. */
  draw(value: {
    readonly scene: SceneName;
    readonly count: number;
    readonly period: number;
  }): Promise<Drawing[]>;
  /** No more frames are drawn; what draws now gives those that were. */
  stop(): Promise<void>;
  /** When a scene's window got the presses that it answered, since it was opened: ms of {@link clockNow}. */
  presses(scene: SceneName): Promise<readonly number[]>;
  close(scene: SceneName): Promise<void>;
  /** Closes all windows, and frees their pictures. */
  clear(): Promise<void>;
}

export interface PainterCall {
  readonly id: number;
  readonly action: keyof PainterActions;
  readonly value: unknown;
}
export interface PainterAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

let easel: Easel | undefined;
let pictures: Pictures | undefined;
let stopped = new AbortController();
const open = new Map<SceneName, Scene>();

const ACTIONS: PainterActions = {
  start: async (value) => {
    easel = new Easel(await connectX(value.display));
    pictures = value.pictures;
    await easel.paintWallpaper(pictures.wallpaper);
  },
  open: async (name) => {
    if (!easel || !pictures) throw new Error('not started');
    const scene = await SCENES[name](easel, pictures);
    open.set(name, scene);
    scene.draw(FIRST - 1);
    await easel.sync();
  },
  draw: async ({ scene: name, count, period }) => {
    const scene = open.get(name);
    if (!scene) throw new Error(`${name} isn't open`);
    const drawings: Drawing[] = [];
    const begin = clockNow();
    const { signal } = stopped;
    for (let index = 0; index < count && !signal.aborted; index += 1) {
      const early = begin + index * period - clockNow();
      if (early > 0) await pause(early);
      drawings.push([FIRST + index, clockNow()]);
      scene.draw(FIRST + index);
      // A display that can't keep up is drawn on as fast as it can, never with a queue before it.
      await easel?.sync();
    }
    return drawings;
  },
  stop: async () => {
    stopped.abort();
    stopped = new AbortController();
  },
  presses: async (name) => open.get(name)?.presses ?? [],
  close: async (name) => {
    open.get(name)?.[Symbol.dispose]();
    open.delete(name);
    await easel?.sync();
  },
  clear: async () => {
    for (const scene of open.values()) scene[Symbol.dispose]();
    open.clear();
    easel?.[Symbol.dispose]();
    await easel?.sync();
  },
};

async function answer({ id, action, value }: PainterCall): Promise<PainterAnswer> {
  try {
    return { id, value: await (ACTIONS[action] as (value: unknown) => Promise<unknown>)(value) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

// Ctrl-C reaches this process too, but it is the benchmark that ends it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', async (call: PainterCall) => process.send?.(await answer(call)));
