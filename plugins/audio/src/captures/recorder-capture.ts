import {
  AUDIO_FORMATS,
  type AudioCapture,
  type AudioDevice,
  type AudioTrack,
  type CaptureListener,
  type Clock,
  LiveletError,
} from '@livelet/core';
import type { EngineLink } from '../engine-link.js';
import { RecordedDevice } from './recorded-device.js';
import { preferredMicrophone, pulseMicrophones, systemSound } from './system-sound.js';

/** What PulseAudio calls whatever the computer plays now (pa_namereg_get). */
const PLAYED = '@DEFAULT_MONITOR@';

/**
 * Devices that a program of the system records: what the computer plays, and microphones where the page has none. The
 * page only encodes. Nothing is taken out of these microphones.
 */
export class RecorderCapture implements AudioCapture {
  readonly #engine: EngineLink;
  readonly #clock: Clock;

  constructor(engine: EngineLink, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    return (await systemSound(process.env)) === 'pulse' ? await pulseMicrophones(process.env) : [];
  }

  async open(
    track: AudioTrack,
    device: string | undefined,
    listener: CaptureListener,
    signal: AbortSignal,
  ): Promise<AsyncDisposable> {
    const by = await systemSound(process.env);
    if (by === 'none' || (by === 'alsa' && track === 'hear-computer'))
      throw new LiveletError('audio-unavailable', 'no program records it');
    const source =
      track === 'hear-computer'
        ? PLAYED
        : (device ?? (by === 'pulse' ? await preferredMicrophone(process.env) : undefined));
    if (by === 'pulse' && source === undefined)
      throw new LiveletError('audio-unavailable', 'there is no microphone');
    await using stack = new AsyncDisposableStack();
    const encoder = stack.use(await this.#engine.encoder(track, listener, signal));
    const { channels } = AUDIO_FORMATS[track];
    stack.use(
      await RecordedDevice.open(
        { by, channels, played: track === 'hear-computer', ...(source !== undefined && { device: source }) },
        this.#clock,
        signal,
        (samples) => encoder.encode(samples),
        () => listener.ended('audio-unplugged'),
      ),
    );
    return stack.move();
  }
}
