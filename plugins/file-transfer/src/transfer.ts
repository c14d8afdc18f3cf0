import { join } from 'node:path';
import { type Clock, displayFileName, type ErrorCode, type FilePath, safeFileName } from '@livelet/core';
import { ItemsShown, pathShown } from './items-shown.js';
import { type ItemShown, MAX_FAILED, type TransferShown } from './page-protocol.js';
import { ProgressWatch } from './progress-watch.js';
import type { ItemDone, SentInPart, TransferListener } from './transfer-listener.js';

/** How fast the rate follows, of 1 for each new measurement. */
const FOLLOW = 0.3;
/** Between two measurements at least, ms. */
const MEASURE = 200;
/** Without a measurement for so long nothing moves, ms: there is no rate. */
const STILL = 2_000;

/** What can be done to a transfer that runs. */
export interface TransferControl {
  setPaused(paused: boolean): void;
  /** @param code what the other end is told */
  cancel(code: ErrorCode): void;
}

/** One transfer as people see it. */
export class Transfer implements TransferListener {
  readonly id: number;
  readonly way: 'in' | 'out';
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #noteKept: (item: Extract<ItemDone, { how: 'kept' }>) => void;
  readonly #sentInPart: (item: SentInPart) => void;
  readonly #failed: { name: string; reason: ErrorCode }[] = [];
  #title: string;
  #state: TransferShown['state'] = 'waiting';
  #items = 0;
  #itemsDone = 0;
  #kept = 0;
  #skipped = 0;
  #failedCount = 0;
  readonly #leftOut: string[] = [];
  #leftOutCount = 0;
  /** Of those that failed, how many may not fail another time. */
  #retriable = 0;
  #bytes = 0;
  #bytesDone = 0;
  #pausedHere = false;
  #pausedThere = false;
  #error: ErrorCode | undefined;
  #rate: number | undefined;
  #measured: { at: number; bytes: number } | undefined;
  #still: Disposable | undefined;
  #control: TransferControl | undefined;
  #watch: ProgressWatch | undefined;
  #folder: string | undefined;
  /** Names under which what was sent stands in the folder; no more than the first two. */
  readonly #names = new Set<string>();
  readonly #itemsShown = new ItemsShown();
  /** Begins it again after it broke off; where this end began it. */
  retry: (() => void) | undefined;
  /** The offer that it takes. */
  offer: string | undefined;

  constructor(options: {
    readonly id: number;
    readonly way: 'in' | 'out';
    readonly title: string;
    readonly clock: Clock;
    readonly changed: () => void;
    readonly kept: (item: Extract<ItemDone, { how: 'kept' }>) => void;
    readonly sentInPart: (item: SentInPart) => void;
  }) {
    this.id = options.id;
    this.way = options.way;
    this.#title = displayFileName(options.title);
    this.#clock = options.clock;
    this.#changed = options.changed;
    this.#noteKept = options.kept;
    this.#sentInPart = options.sentInPart;
  }

  get isOver(): boolean {
    return this.#state === 'done' || this.#state === 'broken';
  }

  get shown(): TransferShown {
    const left =
      this.#rate && this.#state === 'running' ? (this.#bytes - this.#bytesDone) / this.#rate : undefined;
    return {
      id: this.id,
      way: this.way,
      title: this.#title,
      state: this.#state,
      paused: this.#pausedHere ? 'here' : this.#pausedThere ? 'there' : 'no',
      items: this.#items,
      itemsDone: this.#itemsDone,
      kept: this.#kept,
      skipped: this.#skipped,
      bytes: this.#bytes,
      bytesDone: Math.min(this.#bytes, this.#bytesDone),
      failed: this.#failed,
      failedCount: this.#failedCount,
      ...(this.#leftOutCount > 0 && { leftOut: { count: this.#leftOutCount, names: this.#leftOut } }),
      canRetry: this.retry !== undefined && this.isOver && (this.#error !== undefined || this.#retriable > 0),
      ...(this.offer === undefined ? {} : { offer: this.offer }),
      ...(this.#rate === undefined || this.isOver ? {} : { rate: Math.round(this.#rate) }),
      ...(left === undefined ? {} : { secondsLeft: Math.ceil(left) }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#keptAt === undefined ? {} : { keptAt: this.#keptAt }),
    };
  }

  /** What became of each item until now. */
  get itemsShown(): readonly ItemShown[] {
    return this.#itemsShown.all;
  }

  /** Path of the first that was kept at this end. */
  get firstKept(): string | undefined {
    const [first] = this.#names;
    if (this.way === 'out' || this.#folder === undefined || first === undefined) return undefined;
    return join(this.#folder, first);
  }

  start(control: TransferControl): void {
    this.#control = control;
    this.#state = 'running';
    this.#error = undefined;
    this.#watch = new ProgressWatch(this.#clock, () => this.#stall());
    if (this.#pausedHere) control.setPaused(true);
    this.#watchPause();
    this.#changed();
  }

  /** Back into the queue, with all that was counted. */
  reset(): void {
    this.#state = 'waiting';
    this.#pausedThere = false;
    this.#itemsDone = 0;
    this.#names.clear();
    this.#itemsShown.clear();
    this.#kept = 0;
    this.#skipped = 0;
    this.#bytesDone = 0;
    this.#failedCount = 0;
    this.#leftOutCount = 0;
    this.#leftOut.length = 0;
    this.#retriable = 0;
    this.#failed.length = 0;
    this.#error = undefined;
    this.#forgetRate();
    this.#changed();
  }

  /** @param error why it broke off */
  end(error?: ErrorCode): void {
    if (this.isOver) return;
    this.#control = undefined;
    this.#watch?.[Symbol.dispose]();
    this.#forgetRate();
    this.#state = error === undefined ? 'done' : 'broken';
    this.#error = error;
    this.#changed();
  }

  setPaused(paused: boolean): void {
    if (this.isOver || paused === this.#pausedHere) return;
    this.#pausedHere = paused;
    this.#forgetRate();
    this.#control?.setPaused(paused);
    this.#watchPause();
    this.#changed();
  }

  cancel(): void {
    const control = this.#control;
    this.end('cancelled');
    control?.cancel('cancelled');
  }

  keptIn(folder: string): void {
    this.#folder = folder;
    this.#changed();
  }

  begun({ title, items, bytes }: { title: string; items: number; bytes: number }): void {
    this.#title = displayFileName(title);
    this.#items = items;
    this.#bytes = bytes;
    this.#watch?.moved();
    this.#changed();
  }

  moved(bytes: number): void {
    this.#bytesDone += bytes;
    this.#watch?.moved();
    const now = this.#clock.now();
    if (!this.#measured) this.#measure(now);
    const { at, bytes: before } = this.#measured ?? { at: now, bytes: 0 };
    const passed = now - at;
    this.#changed();
    if (passed < MEASURE) return;
    const rate = ((this.#bytesDone - before) * 1_000) / passed;
    this.#rate = this.#rate === undefined ? rate : this.#rate + FOLLOW * (rate - this.#rate);
    this.#measure(now);
  }

  itemDone(item: ItemDone): void {
    if (item.how === 'left-out') {
      this.#leaveOut(item.path);
      return;
    }
    if (item.how !== 'refused') this.#itemsDone += 1;
    this.#itemsShown.add(item);
    this.#watch?.moved();
    if (item.how === 'kept') this.#keep(item);
    else if (item.how === 'skipped') this.#skipped += 1;
    else {
      this.#failedCount += 1;
      if (item.reason !== 'file-name-refused') this.#retriable += 1;
      const name = pathShown(item.path);
      if (this.#failed.length < MAX_FAILED) this.#failed.push({ name, reason: item.reason });
    }
    this.#changed();
  }

  sentInPart(item: SentInPart): void {
    this.#sentInPart(item);
  }

  peerPaused(paused: boolean): void {
    this.#pausedThere = paused;
    this.#watchPause();
    this.#forgetRate();
    this.#changed();
  }

  #keep(item: Extract<ItemDone, { how: 'kept' }>): void {
    const [first = ''] = item.path;
    this.#kept += 1;
    if (this.#names.size < 2) this.#names.add(item.path.length === 1 ? item.name : safeFileName(first));
    this.#noteKept(item);
  }

  #leaveOut(path: FilePath): void {
    this.#leftOutCount += 1;
    if (this.#leftOut.length < MAX_FAILED) this.#leftOut.push(pathShown(path));
    this.#changed();
  }

  /** The one that was kept, or the folder of them all. */
  get #keptAt(): string | undefined {
    const [first, second] = this.#names;
    if (!this.isOver || this.#folder === undefined || first === undefined) return undefined;
    if (second !== undefined) return this.#folder;
    return this.firstKept ?? `${this.#folder}/${displayFileName(first)}`;
  }

  #watchPause(): void {
    this.#watch?.setPaused(this.#pausedHere || this.#pausedThere);
  }

  /** What is over on both sides is done, whether the other end says goodbye or not. */
  #stall(): void {
    const control = this.#control;
    this.end(this.#items > 0 && this.#itemsDone === this.#items ? undefined : 'deadline-exceeded');
    control?.cancel('deadline-exceeded');
  }

  /** A measurement begins. */
  #measure(now: number): void {
    this.#measured = { at: now, bytes: this.#bytesDone };
    this.#still?.[Symbol.dispose]();
    this.#still = this.#clock.setTimer(STILL, () => {
      this.#forgetRate();
      this.#changed();
    });
  }

  #forgetRate(): void {
    this.#still?.[Symbol.dispose]();
    this.#rate = undefined;
    this.#measured = undefined;
  }
}
