import {
  asLiveletError,
  createSealKeys,
  type ErrorCode,
  openReport,
  type ReportItem,
  type ReportOutbox,
  type SealKeys,
  sealReport,
  systemRandom,
} from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** Where sealed reports go, with the relay behind it and the disk under it. */
export interface ReportOutboxUnderTest extends AsyncDisposable {
  /** The one that runs now. */
  readonly outbox: ReportOutbox;
  /** Lets it reach the relay, as at first, or not. */
  reach(isThere: boolean): void;
  /** Connections that it has made. */
  connections(): number;
  /** Envelopes that the relay has, in the order of their arrival. */
  inbox(): Promise<readonly Uint8Array[]>;
  /** Ends the program, and starts it again on the same disk. */
  restart(): Promise<void>;
  /** What is on the disk. */
  files(): Promise<readonly { readonly mode: number; readonly content: Uint8Array }[]>;
  /** What waits on the disk becomes so much older, ms. */
  age(ms: number): Promise<void>;
}

/** Reports that an outbox may keep. */
const MOST_WAITING = 8;
const MONTH = 31 * 24 * 60 * 60_000;
const NEVER = new AbortController().signal;

/**
 * Runs all cases of the contract of ReportOutbox.
 *
 * @param open a fresh one for each case, whose relay can be reached
 */
export function testReportOutbox(test: TestFunction, open: () => Promise<ReportOutboxUnderTest>): void {
  const keys = createSealKeys(systemRandom);
  const note = (text: string): ReportItem => ({ id: 'note', text });
  const sealed = (...items: readonly ReportItem[]): Uint8Array =>
    sealReport({ items }, keys.publicKey, systemRandom);

  test('report outbox: a sealed report reaches the relay, and nothing of it stays', async (t) => {
    await using tested = await open();
    t.is(await tested.outbox.send(sealed(note('one')), NEVER), 'sent');
    t.deepEqual(await opened(tested, keys), [[note('one')]]);
    t.deepEqual(await tested.files(), []);
  });

  test('report outbox: says how much is on its way, up to all of it', async (t) => {
    await using tested = await open();
    const picture = Buffer.alloc(600_000, 7).toString('base64');
    const envelope = sealed(note('one'), { id: 'picture', type: 'image/jpeg', picture });
    const told: number[] = [];
    t.is(await tested.outbox.send(envelope, NEVER, (bytes) => told.push(bytes)), 'sent');
    t.is(told.at(-1), envelope.length);
    t.true(told.length > 2 && told.every((bytes, at) => bytes > (told[at - 1] ?? 0)), `${told}`);
  });

  test('report outbox: offline it waits, sealed and for the owner only, until a later start sends it', async (t) => {
    await using tested = await open();
    tested.reach(false);
    t.is(await tested.outbox.send(sealed(note('CANARY')), NEVER), 'queued');
    t.is(tested.outbox.waiting, 1);
    t.is(tested.connections(), 0);
    const [file, ...others] = await tested.files();
    t.deepEqual(others, []);
    t.is((file?.mode ?? 0) & 0o777, 0o600);
    t.false(Buffer.from(file?.content ?? []).includes('CANARY'));
    tested.reach(true);
    await tested.restart();
    for (let found = 0; found === 0; ) found = (await tested.inbox()).length;
    t.deepEqual(await opened(tested, keys), [[note('CANARY')]]);
  });

  test('report outbox: what waits is sent once it is said that the relay may be there again', async (t) => {
    await using tested = await open();
    tested.reach(false);
    t.is(await tested.outbox.send(sealed(note('one')), NEVER), 'queued');
    tested.reach(true);
    tested.outbox.retry();
    while (tested.outbox.waiting > 0) await tested.inbox();
    t.deepEqual(await opened(tested, keys), [[note('one')]]);
    t.deepEqual(await tested.files(), []);
    const before = tested.connections();
    tested.outbox.retry();
    t.is(tested.connections(), before, 'nothing waits');
  });

  test('report outbox: what waits can be discarded, and is never sent', async (t) => {
    await using tested = await open();
    tested.reach(false);
    for (const text of ['one', 'two']) {
      t.is(await tested.outbox.send(sealed(note(text)), NEVER), 'queued');
    }
    await tested.outbox.discard();
    t.is(tested.outbox.waiting, 0);
    t.deepEqual(await tested.files(), []);
    tested.reach(true);
    await tested.restart();
    t.is(await tested.outbox.send(sealed(note('three')), NEVER), 'sent');
    t.deepEqual(await opened(tested, keys), [[note('three')]]);
  });

  test('report outbox: what waits is bounded, and goes after a month', async (t) => {
    await using tested = await open();
    const { outbox } = tested;
    tested.reach(false);
    for (let index = 0; index < MOST_WAITING; index++) {
      t.is(await outbox.send(sealed(note(`${index}`)), NEVER), 'queued');
    }
    t.is(await refusal(outbox.send(sealed(note('more')), NEVER)), 'storage-full');
    t.is(outbox.waiting, MOST_WAITING);
    await tested.age(MONTH);
    t.is(await outbox.send(sealed(note('new')), NEVER), 'queued');
    t.is(outbox.waiting, 1);
  });

  test('report outbox: cancelled, it is neither sent nor kept', async (t) => {
    await using tested = await open();
    const cancel = new AbortController();
    const sending = tested.outbox.send(sealed(note('no')), cancel.signal);
    cancel.abort();
    t.true((await refusal(sending)) !== undefined);
    t.deepEqual(await tested.inbox(), []);
    t.deepEqual(await tested.files(), []);
  });

  for (const [title, bytes] of [
    ['words in the clear', new TextEncoder().encode('in the clear')],
    ['nothing', new Uint8Array()],
    ['zeros', new Uint8Array(70_000)],
    ['9 MiB', new Uint8Array(9 * 1024 * 1024).fill(1)],
  ] as const) {
    test(`report outbox: ${title} isn’t sealed, and is not sent`, async (t) => {
      await using tested = await open();
      t.is(await refusal(tested.outbox.send(bytes, NEVER)), 'sealed-malformed');
      t.is(tested.connections(), 0);
      t.deepEqual(await tested.files(), []);
    });
  }
}

async function opened(
  tested: ReportOutboxUnderTest,
  keys: SealKeys,
): Promise<readonly (readonly ReportItem[])[]> {
  return (await tested.inbox()).map((envelope) => openReport(envelope, keys).items);
}

async function refusal(sending: Promise<unknown>): Promise<ErrorCode | undefined> {
  return sending.then(
    () => undefined,
    (error: unknown) => asLiveletError(error).code,
  );
}
