import { AUDIO_RATE, type AudioFormat } from '@livelet/core/page';
import { PLAYER, type PlayerOptions } from './playing-messages.js';
import type { RecordableSound } from './recordable-sound.js';

/** Beside the piece that this becomes a part of. */
const WORKLET = new URL('./sound-worklet.js', import.meta.url).href;
/**
 * What the browser takes from the player at a time, s, of which it asks PulseAudio for three: the least it can for people
 * who talk with each other, and for whoever only listens so much that a thread that gets no processor for a moment isn't heard.
 */
const LATENCY = { lowdelay: 'interactive', audio: 0.05 } as const satisfies Record<
  AudioFormat['use'],
  AudioContextLatencyCategory | number
>;

/**
 * The browser's way to the loudspeaker, open as long as something is to be played. A browser lets a page play nothing
 * until the person has pressed something in it; then it is tried again at the next press.
 */
export class Loudspeaker implements Disposable {
  readonly #use: AudioFormat['use'];
  readonly #blocked: (blocked: boolean) => void;
  readonly #recordable: RecordableSound;
  readonly #users = new Set<object>();
  readonly #listening = new AbortController();
  #context: AudioContext | undefined;
  #loaded: Promise<void> | undefined;
  /** Where the same sound goes for whoever takes it up. */
  #copy: MediaStreamAudioDestinationNode | undefined;
  #device = '';
  #isBlocked = false;

  constructor(use: AudioFormat['use'], blocked: (blocked: boolean) => void, recordable: RecordableSound) {
    this.#use = use;
    this.#blocked = blocked;
    this.#recordable = recordable;
    for (const type of ['pointerup', 'keydown']) {
      document.addEventListener(type, () => void this.#resume(), {
        signal: this.#listening.signal,
        capture: true,
      });
    }
  }

  /** @param user who plays; until it calls `leave` */
  use(user: object): AudioContext {
    this.#users.add(user);
    if (!this.#context) {
      const context = new AudioContext({ sampleRate: AUDIO_RATE, latencyHint: LATENCY[this.#use] });
      this.#context = context;
      this.#loaded = context.audioWorklet.addModule(WORKLET);
      this.#copy = context.createMediaStreamDestination();
      const [track] = this.#copy.stream.getAudioTracks();
      if (track) this.#recordable.put(this, track);
      context.onstatechange = () => this.#look();
      this.#apply();
      void this.#resume();
    }
    return this.#context;
  }

  /**
   * A player that is heard from now on, see sound-worklet.ts.
   * @param context what `use` gave
   * @throws DOMException when the context was left meanwhile
   */
  async player(context: AudioContext, format: AudioFormat): Promise<AudioWorkletNode> {
    await this.#loaded;
    const processorOptions: PlayerOptions = format;
    const player = new AudioWorkletNode(context, PLAYER, {
      numberOfInputs: 0,
      outputChannelCount: [format.channels],
      processorOptions,
    });
    player.connect(context.destination);
    if (this.#copy && context === this.#context) player.connect(this.#copy);
    return player;
  }

  leave(user: object): void {
    this.#users.delete(user);
    if (this.#users.size > 0) return;
    const context = this.#context;
    this.#context = undefined;
    this.#copy = undefined;
    this.#recordable.remove(this);
    if (context && context.state !== 'closed') void context.close();
    this.#tell(false);
  }

  /** @param device as enumerateDevices calls it; undefined: the system's */
  set device(device: string | undefined) {
    this.#device = device ?? '';
    this.#apply();
  }

  [Symbol.dispose](): void {
    this.#listening.abort();
    for (const user of [...this.#users]) this.leave(user);
  }

  #apply(): void {
    // One that went away: it stays where it is.
    this.#context?.setSinkId?.(this.#device).catch(() => undefined);
  }

  async #resume(): Promise<void> {
    const context = this.#context;
    if (context?.state !== 'suspended') return;
    this.#look();
    // Resolves only once the browser lets it.
    await context.resume().catch(() => undefined);
    this.#look();
  }

  #look(): void {
    this.#tell(this.#context?.state === 'suspended' && navigator.userActivation?.hasBeenActive !== true);
  }

  #tell(blocked: boolean): void {
    if (blocked === this.#isBlocked) return;
    this.#isBlocked = blocked;
    this.#blocked(blocked);
  }
}
