/** What a customer's page says of its captures and videos that no page of ours says. */
import { type PortPair, portPair } from '@livelet/compliance';
import {
  type DisplayListener,
  type JsonValue,
  LiveletError,
  type PagePort,
  type PluginUi,
  systemClock,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import fc from 'fast-check';
import { createPicture } from '../src/picture/picture.js';
import { PageVideoTrack } from '../src/video/page-video-track.js';
import { ENCODER_PIECE } from '../src/video/video-protocol.js';
import { SHARE_PIECE, WEB_CAPTURE_PIECE } from '../src/web-display/web-capture-protocol.js';
import { WebCaptureSource } from '../src/web-display/web-capture-source.js';

/** A page of the test's own, with a port for each piece. */
class LyingPage implements PluginUi {
  readonly #ports = new Map<string, PortPair>();

  onPort(id: string, listener: (port: PagePort) => void): Disposable {
    listener(this.port(id).host);
    return { [Symbol.dispose]: () => undefined };
  }

  port(id: string): PortPair {
    const port = this.#ports.get(id) ?? portPair(`plugin:livelet.capture:${id}`);
    this.#ports.set(id, port);
    return port;
  }

  /** Says something, and waits until it has been heard. */
  async say(id: string, json: JsonValue, bytes?: Uint8Array): Promise<void> {
    this.port(id).page.post(bytes ? { json, bytes } : { json });
    await undefined;
  }
}

const value = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  fc.constantFrom<JsonValue>(1e300, -1, 0.5, 1e9, 'vp8', 'I420', 'constructor', '__proto__', true, []),
);
const TRIAL = { codec: 'vp8', encodeTime: 1, decodeTime: 1, bytes: 1 };
const encoderLie = fc.oneof(
  fc.jsonValue(),
  fc.record({ type: fc.constant('measured'), trials: value }),
  fc
    .record({ codec: value, encodeTime: value, decodeTime: value, bytes: value }, { requiredKeys: [] })
    .map((part) => ({ type: 'measured', trials: [{ ...TRIAL, ...part }] })),
  fc.record({ type: fc.constantFrom('chunk', 'failed'), id: value, key: value, encodeTime: value }),
) as fc.Arbitrary<JsonValue>;

test('whatever the page says of its encoder, videos go on or go as tiles', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(encoderLie, { maxLength: 6 }), async (lies) => {
      const page = new LyingPage();
      const clock = new ManualClock();
      using track = new PageVideoTrack(page, clock);
      track.setAbilities([{ codec: 'vp8', decodeTime: 1 }]);
      for (const lie of lies) await page.say(ENCODER_PIECE, lie);
      // As each stream does at its beginning and its end.
      track.setAbilities([]);
      track.setAbilities([{ codec: 'vp8', decodeTime: 1 }]);
      await page.say(ENCODER_PIECE, { type: 'measured', trials: [TRIAL] });
      if (!track.ready) throw new Error('a lie from before is still believed');
      const encoding = track.encode(createPicture(64, 64), { x: 0, y: 0, width: 64, height: 64 }, 1e6, true);
      for (const lie of lies) await page.say(ENCODER_PIECE, lie, Uint8Array.of(1, 2, 3));
      await clock.advance(2_000);
      if ((await encoding) !== undefined) throw new Error('a chunk that is none');
    }),
    { numRuns: 1000 },
  );
  t.pass();
});

const QUIET: DisplayListener = {
  damaged: () => undefined,
  cursorShape: () => undefined,
  cursorMoved: () => undefined,
  changed: () => undefined,
  lost: () => undefined,
};
const SHARING = { type: 'sharing', width: 40, height: 36, form: 'I420' };
const COLOURS = { matrix: 'bt601', fullRange: false };
const AREA = { x: 0, y: 0, width: 40, height: 36 };
const captureLie = fc.oneof(
  fc.jsonValue(),
  fc
    .record({ width: value, height: value, form: value, colours: value }, { requiredKeys: [] })
    .map((part) => ({ ...SHARING, colours: COLOURS, ...part })),
  fc.record({ type: fc.constant('pixels'), areas: value, last: value }),
  fc
    .record({ x: value, y: value, width: value, height: value }, { requiredKeys: [] })
    .map((part) => ({ type: 'pixels', areas: [{ ...AREA, ...part }], last: true })),
  fc.record({ type: fc.constantFrom('refused', 'unavailable'), reason: value }),
) as fc.Arbitrary<JsonValue>;

test('whatever the page says of its capture, the display is read or refused with a code', async (t) => {
  const codes = new Map<string, number>();
  const count = (code: string): void => void codes.set(code, (codes.get(code) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(captureLie, fc.nat(3000)), { maxLength: 6 }),
      fc.boolean(),
      async (lies, isSharedFirst) => {
        const page = new LyingPage();
        await using source = new WebCaptureSource(page, systemClock);
        const opening = source.open(0, QUIET);
        await page.say(SHARE_PIECE, { type: 'choose' });
        if (isSharedFirst) await page.say(WEB_CAPTURE_PIECE, { ...SHARING, colours: COLOURS });
        for (const [lie, length] of lies) {
          await page.say(WEB_CAPTURE_PIECE, lie, new Uint8Array(length).fill(9));
        }
        await page.say(WEB_CAPTURE_PIECE, { ...SHARING, colours: COLOURS });
        const whole = { type: 'pixels', areas: [AREA], last: true };
        await page.say(WEB_CAPTURE_PIECE, whole, new Uint8Array(40 * 36 * 1.5));
        try {
          await using display = await opening;
          const { bytes, offset, stride } = await display.read({ x: 0, y: 0, width: 1, height: 1 });
          if (offset + 4 > bytes.length || stride < 4) throw new RangeError('pixels that are none');
          count('read');
        } catch (error) {
          if (!(error instanceof LiveletError)) throw error;
          count(error.code);
        }
      },
    ),
    { numRuns: 1000 },
  );
  t.log(Object.fromEntries(codes));
  t.true((codes.get('read') ?? 0) > 100);
});
