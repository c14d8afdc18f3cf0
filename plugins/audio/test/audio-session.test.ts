import {
  type AudioCaptureUnderTest,
  type AudioListenerUnderTest,
  portPair,
  startPulse,
  testAudioCapture,
  testAudioListener,
  tone,
} from '@livelet/compliance';
import {
  AUDIO_PATHS,
  AUDIO_TRACKS,
  type AudioCapture,
  type AudioTrack,
  asLiveletError,
  decodeAudio,
  type ErrorCode,
  encodeAudio,
  MAX_AUDIO_MESSAGE,
  messageStream,
  type PagePort,
  type Receipt,
  systemClock,
} from '@livelet/core';
import { SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { PageCapture } from '../src/captures/page-capture.js';
import { RecorderCapture } from '../src/captures/recorder-capture.js';
import { EngineLink } from '../src/engine-link.js';
import type { HalfToEngine } from '../src/page-protocol.js';
import { type AudioEnds, openEnds } from './audio-ends.js';
import { type EnginePage, MICROPHONE_TONE, startEngineBrowser } from './engine-pages.js';
import { type HostedAudio, hostAudio } from './hosted-audio.js';

/** What the customer's computer plays, and where both browsers do. */
const [COMPUTER, EARS] = ['computer', 'ears'];

const pulse = await startPulse([COMPUTER, EARS]);
// For the programs that record the customer's computer.
process.env.PULSE_SERVER = pulse.environment.PULSE_SERVER;
const browser = await startEngineBrowser(pulse, EARS);
const ears = pulse.listen(EARS);
// Counted from here on.
await pulse.listenersAre(1);
test.after.always(async () => {
  await browser[Symbol.asyncDispose]();
  await pulse[Symbol.asyncDispose]();
});

const ends = (relay?: SimulatedRelay): Promise<AudioEnds> => openEnds(browser, relay);

testAudioListener(
  (title, body) => test.serial(title, body),
  async (): Promise<AudioListenerUnderTest> => {
    const hosted = await hostAudio(false);
    const { host, page } = portPair('plugin:livelet.audio:engine');
    hosted.connect('customer', host);
    const played: number[] = [];
    page.onMessage(({ json }) => {
      const message = json as unknown as HalfToEngine;
      if (message.type === 'play') played.push(message.number);
    });
    hosted.grant('speak');
    const opens = [{ path: AUDIO_PATHS.speak, priority: 'audio' }] as const;
    const channel = hosted.pair.operator.pluginChannel({ serves: [], opens });
    const stream = await channel.open(AUDIO_PATHS.speak);
    const messages = messageStream(stream, 2 * MAX_AUDIO_MESSAGE);
    return {
      async exchange(sent) {
        for (const message of sent) messages.send(message).catch(() => undefined);
        messages.closeWrite();
        return await stream.closed;
      },
      played: async () => played,
      [Symbol.asyncDispose]: async () => {
        channel[Symbol.dispose]();
        await hosted[Symbol.asyncDispose]();
      },
    };
  },
);

/** A capture with an engine of its own. */
async function underTest(
  track: AudioTrack,
  make: (engine: EngineLink) => AudioCapture,
  listens: (page: EnginePage, listens: boolean) => Promise<void>,
): Promise<AudioCaptureUnderTest> {
  let take: (port: PagePort) => void = () => undefined;
  const ui = {
    onPort(_: string, listener: typeof take) {
      take = listener;
      return new DisposableStack();
    },
  };
  const engine = new EngineLink(ui, systemClock, { changed: () => undefined, heard: () => undefined });
  const page = await browser.engine((port) => take(port));
  return {
    capture: make(engine),
    track,
    listens: (so) => listens(page, so),
    async [Symbol.asyncDispose]() {
      engine[Symbol.dispose]();
      await page[Symbol.asyncDispose]();
    },
  };
}

testAudioCapture(
  'the browser’s microphone',
  (title, body) => test.serial(title, body),
  () =>
    underTest(
      'hear',
      (engine) => new PageCapture(engine),
      async (page, so) => {
        const open = await page.open();
        if (open > 0 !== so) throw new Error(`${open} microphones are open`);
      },
    ),
);

testAudioCapture(
  'the computer’s sound',
  (title, body) => test.serial(title, body),
  async () => {
    const playing = new AbortController();
    const over = play(playing.signal);
    const listening = await pulse.listeners();
    const under = await underTest(
      'hear-computer',
      (engine) => new RecorderCapture(engine, systemClock),
      (_, so) => pulse.listenersAre(listening + (so ? 1 : 0)),
    );
    return {
      ...under,
      [Symbol.asyncDispose]: async () => {
        playing.abort();
        await under[Symbol.asyncDispose]();
        await over;
      },
    };
  },
);

/** The computer plays, until told not to. */
async function play(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pulse.play(COMPUTER, tone(1000, 500));
}

test.serial('each sound needs its own capability', async (t) => {
  await using hosted = await hostAudio(false);
  const opens = AUDIO_TRACKS.map((track) => ({ path: AUDIO_PATHS[track], priority: 'audio' }) as const);
  using channel = hosted.pair.operator.pluginChannel({ serves: [], opens });
  for (const granted of AUDIO_TRACKS) {
    hosted.grant(granted);
    for (const track of AUDIO_TRACKS) {
      const code = await channel.open(AUDIO_PATHS[track]).then(
        (stream): ErrorCode | 'open' => {
          stream.reset('cancelled');
          return 'open';
        },
        (error: unknown) => asLiveletError(error).code,
      );
      t.is(code, track === granted ? 'open' : 'not-granted', `${track} with ${granted}`);
    }
    hosted.revoke(granted);
  }
});

test.serial(
  'a stream that takes the place of another one gets the sound, and the microphone is opened anew',
  async (t) => {
    await using hosted = await hostAudio(false);
    const { host, page } = portPair('plugin:livelet.audio:engine');
    hosted.connect('customer', host);
    const open = new Set<number>();
    page.onMessage(({ json }) => {
      const message = json as unknown as HalfToEngine;
      if (message.type === 'open') {
        open.add(message.id);
        page.post({ json: { type: 'opened', id: message.id } });
        page.post({
          json: { type: 'packet', id: message.id, level: 0.5 },
          bytes: Uint8Array.of(0xf8, message.id),
        });
      } else if (message.type === 'close') {
        open.delete(message.id);
        page.post({ json: { type: 'closed', id: message.id } });
      }
    });
    hosted.grant('hear');
    const opens = [{ path: AUDIO_PATHS.hear, priority: 'audio' }] as const;
    using channel = hosted.pair.operator.pluginChannel({ serves: [], opens });
    for (const time of [1, 2]) {
      const stream = await channel.open(AUDIO_PATHS.hear);
      const messages = messageStream(stream, MAX_AUDIO_MESSAGE)[Symbol.asyncIterator]();
      const next = async () => decodeAudio((await messages.next()).value as Uint8Array);
      t.deepEqual(await next(), { type: 'open' });
      const first = await next();
      t.true(first.type === 'packet' && first.number === 0 && first.packet[1] === time);
      t.deepEqual([...open], [time], 'one at a time');
    }
  },
);

test.serial('the customer’s microphone is heard while it is allowed and not switched off', async (t) => {
  await using both = await ends();
  const { hosted, customer } = both;
  const [theirs, mine] = [hosted.panel('customer'), hosted.panel('operator')];
  t.is(await customer.open(), 0, 'nothing is open before');
  hosted.grant('hear');
  await ears.hears(MICROPHONE_TONE);
  t.is(await customer.open(), 1);
  for (const panel of [theirs, mine]) {
    await panel.until(({ tracks }) => tracks.hear.live && panel.levels.some((level) => level > 0.05));
  }
  theirs.post({ type: 'mute', track: 'hear', muted: true });
  await theirs.until(({ tracks }) => !tracks.hear.live && tracks.hear.muted);
  t.is(await customer.open(), 0, 'switched off is closed');
  await mine.until(({ tracks }) => !tracks.hear.live);
  await ears.silent(400);
  theirs.post({ type: 'mute', track: 'hear', muted: false });
  await ears.hears(MICROPHONE_TONE);
  mine.post({ type: 'mute', track: 'hear', muted: true });
  await theirs.until(({ tracks }) => !tracks.hear.live);
  t.is(await customer.open(), 0, 'who doesn’t listen keeps nothing open');
  mine.post({ type: 'mute', track: 'hear', muted: false });
  await ears.hears(MICROPHONE_TONE);
  hosted.revoke('hear');
  await theirs.until(({ tracks }) => !tracks.hear.live && !tracks.hear.allowed);
  t.is(await customer.open(), 0, 'taken back is closed');
  await ears.silent(400);
  t.deepEqual(noted(hosted), { operator: ['hear'], customer: ['hear'] }, 'once, however often it was opened');
});

/** What the receipts say was open. */
function noted({ pair }: HostedAudio) {
  const tracks = ({ receipt }: { readonly receipt: Receipt }) =>
    receipt.entries.flatMap((entry) => (entry.kind === 'noted' ? [entry.facts.track] : []));
  return { operator: tracks(pair.operator), customer: tracks(pair.customer) };
}

test.serial('the operator is heard once both want it', async (t) => {
  await using both = await ends();
  const { hosted, operator } = both;
  const [theirs, mine] = [hosted.panel('customer'), hosted.panel('operator')];
  hosted.grant('speak');
  await mine.until(({ tracks }) => tracks.speak.allowed);
  t.false(theirs.state?.tracks.speak.live);
  t.is(await operator.open(), 0, 'allowed isn’t switched on');
  t.deepEqual(noted(hosted), { operator: [], customer: [] });
  mine.post({ type: 'mute', track: 'speak', muted: false });
  await ears.hears(MICROPHONE_TONE);
  t.is(await operator.open(), 1);
  await theirs.until(({ tracks }) => tracks.speak.live);
  t.deepEqual(noted(hosted), { operator: ['speak'], customer: ['speak'] });
  hosted.revoke('speak');
  await mine.until(({ tracks }) => !tracks.speak.live);
  t.is(await operator.open(), 0);
});

test.serial('what is heard and said can be taken up beside the person, while it is', async (t) => {
  await using both = await ends();
  const { hosted, operator } = both;
  const mine = hosted.panel('operator');
  const tracks = async (): Promise<number> => await operator.page.evaluate('sound.tracks.length');
  await operator.page.evaluate(`document.dispatchEvent(new CustomEvent('livelet-page-sound', {
    detail: { answer: (sound) => { globalThis.sound = sound; } },
  }))`);
  t.is(await tracks(), 0);
  hosted.grant('hear');
  hosted.grant('speak');
  await mine.until((panel) => panel.tracks.speak.allowed);
  mine.post({ type: 'mute', track: 'speak', muted: false });
  await ears.hears(MICROPHONE_TONE);
  await mine.until((panel) => panel.tracks.hear.live && panel.tracks.speak.live);
  t.is(await tracks(), 2);
  const loud = await operator.page.evaluate(`(async () => {
    const isLoud = async (track) => {
      const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return 'over';
        const wave = new Float32Array(value.numberOfFrames);
        value.copyTo(wave, { planeIndex: 0, format: 'f32-planar' });
        value.close();
        if (!wave.some((sample) => Math.abs(sample) > 0.02)) continue;
        await reader.cancel();
        return track.kind;
      }
    };
    return await Promise.all(sound.tracks.map(isLoud));
  })()`);
  t.deepEqual(loud, ['audio', 'audio']);
  hosted.revoke('hear');
  hosted.revoke('speak');
  await mine.until((panel) => !panel.tracks.hear.live && !panel.tracks.speak.live);
  t.is(await tracks(), 0);
});

test.serial(
  'packets of noise, of any number, are played as such, and what comes after them as it is',
  async (t) => {
    await using hosted = await hostAudio(false);
    await using customer = await browser.engine((port) => hosted.connect('customer', port));
    const failed: string[] = [];
    customer.page.on('pageerror', ({ message }) => failed.push(message));
    hosted.grant('hear', 'speak');
    const opens = (['hear', 'speak'] as const).map(
      (track) => ({ path: AUDIO_PATHS[track], priority: 'audio' }) as const,
    );
    using channel = hosted.pair.operator.pluginChannel({ serves: [], opens });
    const spoken = messageStream(await channel.open(AUDIO_PATHS.speak), MAX_AUDIO_MESSAGE);
    await spoken.send(encodeAudio({ type: 'open' }));
    for (let n = 0; n < 300; n += 1) {
      const noise = crypto.getRandomValues(new Uint8Array(1 + ((n * 37) % 1275)));
      // Every configuration that has frames of 20 ms, for one side and for both.
      noise[0] = [0x08, 0x48, 0x68, 0x98, 0xf8, 0xfc][n % 6] as number;
      await spoken.send(encodeAudio({ type: 'packet', number: n * 14_316_557, packet: noise }));
    }
    await spoken.send(encodeAudio({ type: 'closed' }));
    await spoken.send(encodeAudio({ type: 'open' }));
    const heard = ears.hears(MICROPHONE_TONE).then(() => 'heard');
    // Their own microphone's packets come back to them.
    for await (const bytes of messageStream(await channel.open(AUDIO_PATHS.hear), MAX_AUDIO_MESSAGE)) {
      if (decodeAudio(bytes).type === 'packet') await spoken.send(bytes);
      if (await Promise.race([heard, new Promise(setImmediate)])) break;
    }
    t.deepEqual(failed, []);
  },
);

test.serial('what the computer plays comes out as it went in', async (t) => {
  const listening = await pulse.listeners();
  await using both = await ends();
  const { hosted } = both;
  const [theirs, mine] = [hosted.panel('customer'), hosted.panel('operator')];
  hosted.grant('hear-computer');
  // A recorder gives silence too: it is open before anything plays.
  await mine.until(({ tracks }) => tracks['hear-computer'].live);
  await using computer = pulse.listen(COMPUTER);
  const lasting = Promise.all([computer.lasts(880), ears.lasts(880)]);
  await pulse.play(COMPUTER, tone(880, 3000));
  const [played, heard] = await lasting;
  // A busy computer stretches what it plays by what it leaves out, each time anew.
  t.true(Math.abs(heard - played) <= 1000, `${heard} ms of ${played}`);
  t.true((await pulse.listeners()) > listening + 1);
  hosted.revoke('hear-computer');
  await theirs.until(({ tracks }) => !tracks['hear-computer'].live);
  await computer[Symbol.asyncDispose]();
  await pulse.listenersAre(listening);
  t.pass('nothing records any more');
});

test.serial('after a drop of the line it is heard again, and at the end everything is closed', async (t) => {
  const relay = new SimulatedRelay();
  const listening = await pulse.listeners();
  await using both = await ends(relay);
  const { hosted, customer } = both;
  const theirs = hosted.panel('customer');
  hosted.grant('hear', 'hear-computer');
  await ears.hears(MICROPHONE_TONE);
  await theirs.until(({ tracks }) => tracks.hear.live && tracks['hear-computer'].live);
  relay.down = true;
  hosted.pair.link.cut();
  await theirs.until(({ tracks }) => !tracks.hear.live && !tracks['hear-computer'].live);
  t.is(await customer.open(), 0, 'nothing listens while nobody can hear');
  relay.down = false;
  await hosted.pair.clock.advance(5000);
  await theirs.until(({ tracks }) => tracks.hear.live && tracks['hear-computer'].live);
  await ears.hears(MICROPHONE_TONE);
  await hosted.end();
  t.is(await customer.open(), 0);
  await pulse.listenersAre(listening);
});

test.serial(
  'a page that comes back has the microphone again; one that may not have it says so',
  async (t) => {
    await using hosted = await hostAudio();
    await using _ = await browser.engine((port) => hosted.connect('operator', port));
    const [theirs, mine] = [hosted.panel('customer'), hosted.panel('operator')];
    const refused = await browser.engine((port) => hosted.connect('customer', port), false);
    hosted.grant('hear');
    await theirs.until(({ tracks }) => tracks.hear.problem === 'audio-refused');
    await mine.until(({ tracks }) => tracks.hear.problem === 'audio-refused');
    await refused[Symbol.asyncDispose]();
    const first = await browser.engine((port) => hosted.connect('customer', port));
    theirs.post({ type: 'mute', track: 'hear', muted: true });
    theirs.post({ type: 'mute', track: 'hear', muted: false });
    await ears.hears(MICROPHONE_TONE);
    await first[Symbol.asyncDispose]();
    await theirs.until(({ tracks }) => !tracks.hear.live);
    await using second = await browser.engine((port) => hosted.connect('customer', port));
    await ears.hears(MICROPHONE_TONE);
    t.is(await second.open(), 1);
  },
);
