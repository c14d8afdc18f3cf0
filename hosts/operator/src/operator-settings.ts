import { join } from 'node:path';
import {
  asLiveletError,
  type ChatArchive,
  type Clock,
  type Deployment,
  type Desktop,
  type Identity,
  LiveletError,
  type ProxyFinder,
  proxyLabel,
  type RandomSource,
  relayAddress,
  relayApi,
  SessionArchive,
} from '@livelet/core';
import { ArchivePlace } from './archive-place.js';
import { ArchiveQueue } from './archive-queue.js';
import type { SettingsShown } from './page-protocol.js';
import { RecordingsPlace } from './recordings-place.js';

export interface SettingsOptions {
  readonly deployment: Deployment;
  readonly identity: Identity;
  /** What this operator is called. */
  readonly name: () => string;
  /** Keeps the choice of an archive, and sealed parts of chats until an archive has them. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly proxy?: ProxyFinder | undefined;
  readonly allowedRegions?: readonly string[] | undefined;
  /** Folder that recordings go to. @default among the person's videos */
  readonly recordingsDir?: string | undefined;
  /** Absent: folders are entered as text. */
  readonly desktop?: Desktop | undefined;
}

/** What the settings page shows and changes: where chats are kept, and which ways this console may go. */
export class OperatorSettings implements AsyncDisposable {
  /** For the chats of this console's sessions. */
  readonly chats: ChatArchive;
  /** For the recordings of this console's sessions. */
  readonly recordings: RecordingsPlace;
  readonly #options: SettingsOptions;
  readonly #place: ArchivePlace;
  readonly #queue: ArchiveQueue;
  readonly #over = new AbortController();
  readonly #listeners = new Set<() => void>();
  #proxy: Pick<SettingsShown, 'proxy' | 'proxyProblem'> = {};

  private constructor(options: SettingsOptions, place: ArchivePlace, recordings: RecordingsPlace) {
    this.#options = options;
    this.#place = place;
    this.recordings = recordings;
    const { stateDir } = options;
    this.#queue = new ArchiveQueue({
      ...options,
      folder: join(stateDir, 'archive-queue'),
      changed: () => this.#tell(),
    });
    this.chats = new SessionArchive({ ...options, place: () => place.archive, outbox: this.#queue });
  }

  static async load(options: SettingsOptions): Promise<OperatorSettings> {
    const place = await ArchivePlace.load(options.deployment, options.stateDir);
    const { stateDir, recordingsDir, desktop } = options;
    return new OperatorSettings(options, place, await RecordingsPlace.load(stateDir, recordingsDir, desktop));
  }

  get shown(): SettingsShown {
    const { archive, isChosen, problem } = this.#place;
    const queue = this.#queue.state;
    return {
      archive: {
        ...(archive === undefined ? {} : { by: new URL(archive.relayUrl).host }),
        isChosen,
        canChoose: this.#options.deployment.organisationKey !== undefined,
        ...(problem === undefined ? {} : { problem }),
      },
      waiting: queue,
      ...this.#proxy,
      recordings: this.recordings.shown,
      allowedRegions: this.#options.allowedRegions ?? [],
    };
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Looks up which proxy leads to the relay now. */
  async lookForProxy(): Promise<void> {
    const { proxy, deployment } = this.#options;
    try {
      const found = await proxy?.(relayAddress(deployment), this.#over.signal);
      this.#proxy = found === undefined ? {} : { proxy: proxyLabel(found) };
    } catch (error) {
      this.#proxy = { proxyProblem: asLiveletError(error).code };
    }
    this.#tell();
  }

  /** @throws `archive-choice-refused` unless the organisation signed `choice` */
  async chooseArchive(choice: string): Promise<void> {
    await this.#place.choose(choice);
    this.#tell();
  }

  async resetArchive(): Promise<void> {
    await this.#place.reset();
    this.#tell();
  }

  /** @throws `recordings-folder-refused` */
  async changeRecordings(change: (place: RecordingsPlace) => Promise<void>): Promise<void> {
    await change(this.recordings);
    this.#tell();
  }

  /**
   * Lets this computer's key in at the archive, with a one-time token of its administrator.
   * @throws `enrolment-refused`, or why the archive can't be reached
   */
  async enrolAtArchive(token: string): Promise<void> {
    const { archive } = this.#place;
    if (archive === undefined) return;
    const name = this.#options.name();
    const api = relayApi({ ...this.#options, deployment: archive });
    await api.call('POST', '/enrol', { token: token.trim(), name }, this.#over.signal);
    this.#queue.retry();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
    this.#over.abort(new LiveletError('cancelled'));
    await this.#queue[Symbol.asyncDispose]();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
