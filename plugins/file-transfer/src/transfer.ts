import type { Clock, ErrorCode, FilePath } from '@livelet/core';
import { MAX_FAILED, type TransferShown } from './page-protocol.js';
import type { ItemDone, SentInPart, TransferListener } from './transfer-listener.js';

/** How fast the rate follows, of 1 for each new measurement. */
const FOLLOW = 0.3;
/** Between two measurements at least, ms. */
const MEASURE = 200;

/** What can be done to a transfer that runs. */
export interface TransferControl {
  setPaused(paused: boolean): void;
  cancel(): void;
}

/** One transfer as people see it. */
export class Transfer implements TransferListener {
  readonly id: number;
  readonly way: 'in' | 'out';
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #kept: (item: Extract<ItemDone, { how: 'kept' }>) => void;
  readonly #sentInPart: (item: SentInPart) => void;
  readonly #failed: { name: string; reason: ErrorCode }[] = [];
  #title: string;
  #state: TransferShown['state'] = 'waiting';
  #items = 0;
  #itemsDone = 0;
  #skipped = 0;
  #failedCount = 0;
  #bytes = 0;
  #bytesDone = 0;
  #pausedHere = false;
  #pausedThere = false;
  #error: ErrorCode | undefined;
  #rate: number | undefined;
  #measured: { at: number; bytes: number } | undefined;
  #control: TransferControl | undefined;
  /** Begins it again after it broke off; where this end began it. */
  retry: (() => void) | undefined;

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
    this.#kept = options.kept;
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
      skipped: this.#skipped,
      bytes: this.#bytes,
      bytesDone: Math.min(this.#bytes, this.#bytesDone),
      failed: this.#failed,
      failedCount: this.#failedCount,
      canRetry:
        this.retry !== undefined && this.isOver && (this.#error !== undefined || this.#failedCount > 0),
      ...(this.#rate === undefined || this.isOver ? {} : { rate: Math.round(this.#rate) }),
      ...(left === undefined ? {} : { secondsLeft: Math.ceil(left) }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  start(control: TransferControl): void {
    this.#control = control;
    this.#state = 'running';
    this.#error = undefined;
    if (this.#pausedHere) control.setPaused(true);
    this.#changed();
  }

  /** Back into the queue, with all that was counted. */
  reset(): void {
    this.#state = 'waiting';
    this.#pausedThere = false;
    this.#itemsDone = 0;
    this.#skipped = 0;
    this.#bytesDone = 0;
    this.#failedCount = 0;
    this.#failed.length = 0;
    this.#error = undefined;
    this.#rate = undefined;
    this.#measured = undefined;
    this.#changed();
  }

  /** @param error why it broke off */
  end(error?: ErrorCode): void {
    if (this.isOver) return;
    this.#control = undefined;
    this.#state = error === undefined ? 'done' : 'broken';
    this.#error = error;
    this.#changed();
  }

  setPaused(paused: boolean): void {
    if (this.isOver || paused === this.#pausedHere) return;
    this.#pausedHere = paused;
    this.#forgetRate();
    this.#control?.setPaused(paused);
    this.#changed();
  }

  cancel(): void {
    const control = this.#control;
    this.end('cancelled');
    control?.cancel();
  }

  begun({ title, items, bytes }: { title: string; items: number; bytes: number }): void {
    this.#title = displayFileName(title);
    this.#items = items;
    this.#bytes = bytes;
    this.#changed();
  }

  moved(bytes: number): void {
    this.#bytesDone += bytes;
    const now = this.#clock.now();
    this.#measured ??= { at: now, bytes: this.#bytesDone };
    const passed = now - this.#measured.at;
    this.#changed();
    if (passed < MEASURE) return;
    const rate = ((this.#bytesDone - this.#measured.bytes) * 1_000) / passed;
    this.#rate = this.#rate === undefined ? rate : this.#rate + FOLLOW * (rate - this.#rate);
    this.#measured = { at: now, bytes: this.#bytesDone };
  }

  itemDone(item: ItemDone): void {
    this.#itemsDone += 1;
    if (item.how === 'kept') this.#kept(item);
    else if (item.how === 'skipped') this.#skipped += 1;
    else {
      this.#failedCount += 1;
      const name = displayFileName(pathText(item.path));
      if (this.#failed.length < MAX_FAILED) this.#failed.push({ name, reason: item.reason });
    }
    this.#changed();
  }

  sentInPart(item: SentInPart): void {
    this.#sentInPart(item);
  }

  peerPaused(paused: boolean): void {
    this.#pausedThere = paused;
    this.#forgetRate();
    this.#changed();
  }

  #forgetRate(): void {
    this.#rate = undefined;
    this.#measured = undefined;
  }
}

export function pathText(path: FilePath): string {
  return path.join('/');
}

/** As it is safe to show: nothing unseen, nothing that turns the direction of what follows, not too long. */
export function displayFileName(name: string): string {
  const seen = name.replace(
    /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu,
    '',
  );
  const shown = seen === '' ? '_' : seen;
  return shown.length > 240 ? `${shown.slice(0, 200)}…${shown.slice(-30)}` : shown;
}
