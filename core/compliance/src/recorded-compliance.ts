import {
  decodeRecordingTold,
  type ErrorCode,
  encodeRecordingTold,
  type RecordingState,
  type RecordingTold,
} from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** A half that is recorded, as its peer reaches it and as its person sees it. */
export interface RecordedUnderTest extends AsyncDisposable {
  /** Sends a message over the one stream; resolves with the answer, or the code of a reset. */
  tell(message: Uint8Array): Promise<Uint8Array | ErrorCode>;
  /** What its panel shows now. */
  shown(): Promise<'off' | 'recording' | 'paused'>;
  /** The panel answers nothing from now on. */
  freeze(): void;
  /** Lets so much time pass, ms. */
  pass(time: number): Promise<void>;
  /** Takes the permission back; resolves with the code that the stream was reset with. */
  revoke(): Promise<ErrorCode | undefined>;
}

const told = (state: RecordingState, seconds = 0, sound = false): RecordingTold => ({
  state,
  sound,
  seconds,
});

/** What no honest recorder says, and the code that the stream is reset with. */
const ATTACKS: readonly { readonly title: string; readonly message: Uint8Array; readonly code: ErrorCode }[] =
  [
    { title: 'nothing', message: new Uint8Array(), code: 'message-malformed' },
    { title: 'an unknown state', message: Uint8Array.of(9, 0, 0, 0, 0, 0), code: 'message-malformed' },
    { title: 'an unknown flag', message: Uint8Array.of(1, 2, 0, 0, 0, 0), code: 'message-malformed' },
    { title: 'half a message', message: Uint8Array.of(1, 0), code: 'message-malformed' },
    { title: 'more than a message', message: new Uint8Array(7).fill(1), code: 'message-too-large' },
  ];

/**
 * Runs all cases of the recording contract against a half that is recorded.
 *
 * @param open a fresh one for each case, with the capability granted and a panel that answers
 */
export function testRecorded(test: TestFunction, open: () => Promise<RecordedUnderTest>): void {
  test('recorded: answers once its panel shows it, at each step', async (t) => {
    await using half = await open();
    t.is(await half.shown(), 'off');
    const steps = [
      [told('recording', 0, true), 'recording'],
      [told('paused', 3, true), 'paused'],
      [told('recording', 3, true), 'recording'],
    ] as const;
    for (const [step, shown] of steps) {
      const answer = await half.tell(encodeRecordingTold(step));
      t.deepEqual<unknown>(typeof answer === 'string' ? answer : decodeRecordingTold(answer), step);
      t.is(await half.shown(), shown);
    }
    t.is<unknown>(
      await half.tell(encodeRecordingTold(told('ended', 5, true))),
      'revoked',
      'its grant is spent',
    );
    t.is(await half.shown(), 'off');
  });

  test('recorded: a panel that shows nothing lets nothing be recorded', async (t) => {
    await using half = await open();
    half.freeze();
    const answer = half.tell(encodeRecordingTold(told('recording')));
    await half.pass(60_000);
    t.is<unknown>(await answer, 'deadline-exceeded');
  });

  test('recorded: taking it back ends it at once', async (t) => {
    await using half = await open();
    await half.tell(encodeRecordingTold(told('recording')));
    t.is(await half.revoke(), 'revoked');
    t.is(await half.shown(), 'off');
  });

  test('recorded: more changes than a person makes are refused', async (t) => {
    await using half = await open();
    let answer: Uint8Array | ErrorCode = new Uint8Array();
    for (let n = 0; n < 200 && typeof answer !== 'string'; n++) {
      answer = await half.tell(encodeRecordingTold(told(n % 2 === 0 ? 'recording' : 'paused')));
    }
    t.is<unknown>(answer, 'request-too-soon');
  });

  for (const { title, message, code } of ATTACKS) {
    test(`recorded: resets on ${title}`, async (t) => {
      await using half = await open();
      t.is<unknown>(await half.tell(message), code);
      t.is(await half.shown(), 'off');
    });
  }
}
