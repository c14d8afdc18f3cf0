import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { displayPixels } from '../fixtures/stage-picture.js';
import type { XConnection } from '../fixtures/x-client.js';
import type { Check } from './steps.js';

interface StepRecord {
  readonly title: string;
  readonly checks: string[];
  readonly pictures: string[];
  milliseconds: number;
  failure?: string;
}

/** What the tour checked and how long it took: `tour.md` with a picture of each window at each step. */
export class TourReport {
  readonly folder: string;
  readonly #steps: StepRecord[] = [];
  readonly #started = performance.now();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts from an empty folder. */
  static async create(folder: string): Promise<TourReport> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return new TourReport(folder);
  }

  /** Runs one step; its checks are told to the report, its failure is written before it is thrown. */
  async step(title: string, work: (check: Check) => Promise<void>): Promise<void> {
    const record: StepRecord = { title, checks: [], pictures: [], milliseconds: 0 };
    this.#steps.push(record);
    const started = performance.now();
    try {
      await work((what, holds) => {
        if (!holds) throw new Error(`not so: ${what}`);
        record.checks.push(what);
      });
    } catch (error) {
      record.failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      record.milliseconds = performance.now() - started;
    }
  }

  /** Adds a picture of a page to the step that ran last. */
  async picture(name: string, page: Page): Promise<void> {
    await page.screenshot({ path: join(this.folder, this.#pictureName(name)) });
  }

  /** Adds a picture of the shared display. */
  async display(
    display: XConnection,
    size: { readonly width: number; readonly height: number },
  ): Promise<void> {
    const { width, height } = size;
    const pixels = await displayPixels(display, width, height);
    await sharp(pixels, { raw: { width, height, channels: 4 } })
      .png({ compressionLevel: 3 })
      .toFile(join(this.folder, this.#pictureName('desktop')));
  }

  #pictureName(name: string): string {
    const step = this.#steps.at(-1);
    const file = `${String(this.#steps.length).padStart(2, '0')}-${name}.png`;
    step?.pictures.push(file);
    return file;
  }

  async write(): Promise<void> {
    const total = ((performance.now() - this.#started) / 1000).toFixed(1);
    const failed = this.#steps.filter(({ failure }) => failure !== undefined).length;
    const checks = this.#steps.reduce((sum, step) => sum + step.checks.length, 0);
    const lines = [
      '# Tour of one session',
      '',
      `${this.#steps.length} steps, ${checks} checks held, ${failed} steps failed, ${total} s.`,
      '',
      ...this.#steps.flatMap((step, at) => [
        `## ${at + 1}. ${step.title} (${Math.round(step.milliseconds)} ms)`,
        '',
        ...step.checks.map((check) => `- ${check}`),
        ...(step.failure === undefined ? [] : [`- **failed:** ${step.failure}`]),
        '',
        ...step.pictures.map((file) => `![${file}](${file})`),
        '',
      ]),
    ];
    await writeFile(join(this.folder, 'tour.md'), lines.join('\n'));
  }
}
