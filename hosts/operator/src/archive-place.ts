import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Archive,
  asLiveletError,
  type Deployment,
  type ErrorCode,
  ownArchive,
  parseArchiveChoice,
  type SignedArchive,
} from '@livelet/core';
import { readSmallFile, writeWholeFile } from '@livelet/program';

const CHOICE_FILE = 'archive-choice.json';

/**
 * Where this operator's chats are kept: at the deployment's own relay, or where a choice says that the organisation
 * signed. A choice that is there and doesn't hold keeps nothing: the chats were to go elsewhere.
 */
export class ArchivePlace {
  readonly #deployment: Deployment;
  readonly #file: string;
  #choice: SignedArchive | undefined;
  #problem: ErrorCode | undefined;

  private constructor(deployment: Deployment, stateDir: string) {
    this.#deployment = deployment;
    this.#file = join(stateDir, CHOICE_FILE);
  }

  static async load(deployment: Deployment, stateDir: string): Promise<ArchivePlace> {
    const place = new ArchivePlace(deployment, stateDir);
    try {
      const text = await readSmallFile(place.#file);
      if (text !== undefined) place.#choice = parseArchiveChoice(text, deployment);
    } catch (error) {
      place.#problem = asLiveletError(error).code;
    }
    return place;
  }

  /** For the next chat; undefined: nowhere. */
  get archive(): Archive | SignedArchive | undefined {
    if (this.#problem !== undefined) return undefined;
    return this.#choice ?? ownArchive(this.#deployment);
  }

  /** Whether that is the organisation's choice, not the deployment's own relay. */
  get isChosen(): boolean {
    return this.#choice !== undefined;
  }

  /** What is wrong with the choice that is there. */
  get problem(): ErrorCode | undefined {
    return this.#problem;
  }

  /** Follows another choice from now on. @throws `archive-choice-refused`; then all stays as it was */
  async choose(json: string): Promise<void> {
    const choice = parseArchiveChoice(json, this.#deployment);
    await writeWholeFile(this.#file, `${JSON.stringify(choice, undefined, 2)}\n`);
    this.#choice = choice;
    this.#problem = undefined;
  }

  /** Back to the deployment's own relay. */
  async reset(): Promise<void> {
    await rm(this.#file, { force: true });
    this.#choice = undefined;
    this.#problem = undefined;
  }
}
