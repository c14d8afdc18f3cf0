import {
  AUDIO_TRACKS,
  type AudioCapture,
  type AudioDevice,
  type AudioTrack,
  type ByteStream,
  type Clock,
  type GrantsView,
  type PluginUi,
  type ReceiptNotes,
  type SessionInfo,
} from '@livelet/core';
import { Microphone } from './captures/microphone.js';
import { PageCapture } from './captures/page-capture.js';
import { RecorderCapture } from './captures/recorder-capture.js';
import { EngineLink } from './engine-link.js';
import { IncomingTrack } from './incoming-track.js';
import { LevelMeter } from './level-meter.js';
import { OutgoingTrack } from './outgoing-track.js';
import type { Heard, SoundState, TrackShown } from './page-protocol.js';
import { SoundDesk } from './sound-desk.js';
import { SoundNotes } from './sound-notes.js';

/** How one half differs from the other. */
export interface HalfParts {
  readonly role: SoundState['role'];
  /** Which tracks are this side's sound, and whether each is off until the person here switches it on. */
  readonly outgoing: ReadonlyMap<AudioTrack, { readonly muted: boolean }>;
  /** The customer's grants, at either end. */
  readonly grants: GrantsView;
  readonly ui: PluginUi;
  readonly session: SessionInfo;
  readonly clock: Clock;
  readonly receipt: ReceiptNotes;
  /** The person here wants to hear a track of the other side, or not any more. */
  readonly listen?: (track: AudioTrack, wanted: boolean) => void;
}

/** What both halves are made of: the engine in the page, a track for each sound, the panel. */
export class SoundHalf implements AsyncDisposable {
  readonly #parts: HalfParts;
  readonly #engine: EngineLink;
  readonly #desk: SoundDesk;
  readonly #outgoing = new Map<AudioTrack, OutgoingTrack>();
  readonly #incoming = new Map<AudioTrack, IncomingTrack>();
  readonly #meters = new Map<AudioTrack, LevelMeter>();
  readonly #unheard = new Set<AudioTrack>();
  readonly #microphone: AudioCapture;
  readonly #following: Disposable;
  #hadPage = false;

  constructor(parts: HalfParts) {
    const { ui, clock, outgoing, grants, receipt } = parts;
    const notes = new SoundNotes(receipt);
    this.#parts = parts;
    this.#engine = new EngineLink(ui, clock, {
      changed: () => this.#engineChanged(),
      heard: (heard) => this.#heard(heard),
    });
    const recorder = new RecorderCapture(this.#engine, clock);
    this.#microphone = new Microphone(new PageCapture(this.#engine), recorder);
    for (const track of AUDIO_TRACKS) {
      const mine = outgoing.get(track);
      this.#meters.set(track, new LevelMeter((level) => this.#desk.level(track, level)));
      if (mine) {
        const capture = track === 'hear-computer' ? recorder : this.#microphone;
        const listener = {
          changed: () => this.#changed(),
          opened: () => notes.opened(track),
          level: (level: number) => this.#meters.get(track)?.add(level),
        };
        this.#outgoing.set(track, new OutgoingTrack(track, capture, clock, mine.muted, listener));
      } else {
        const listener = { changed: () => this.#changed(), opened: () => notes.opened(track) };
        this.#incoming.set(track, new IncomingTrack(track, this.#engine, clock, listener));
      }
    }
    this.#desk = new SoundDesk(ui, this.#owner());
    this.#following = grants.onChange(() => {
      this.#list();
      this.#changed();
    });
  }

  /** The stream of a track is there; resolves when it is over. */
  async hold(track: AudioTrack, stream: ByteStream): Promise<void> {
    await (this.#outgoing.get(track) ?? this.#incoming.get(track))?.hold(stream);
  }

  /** Closes every device. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#following[Symbol.dispose]();
    for (const track of this.#incoming.values()) track[Symbol.dispose]();
    await Promise.all([...this.#outgoing.values()].map((track) => track[Symbol.asyncDispose]()));
    this.#desk[Symbol.dispose]();
    this.#engine[Symbol.dispose]();
  }

  #owner() {
    const half = this;
    const { role, session } = this.#parts;
    return {
      role,
      peerName: session.peer.name,
      get isBlocked(): boolean {
        return half.#engine.isBlocked;
      },
      get outputs(): readonly AudioDevice[] {
        return half.#engine.outputs;
      },
      inputs: () => half.#microphone.devices(),
      track: (track: AudioTrack) => half.#shown(track),
      mute: (track: AudioTrack, muted: boolean) => half.#mute(track, muted),
      choose: (what: 'input' | 'output', device: string | undefined) => half.#choose(what, device),
    };
  }

  #shown(track: AudioTrack): TrackShown {
    const mine = this.#outgoing.get(track);
    const state = mine ?? this.#incoming.get(track);
    const problem = state?.problem;
    return {
      allowed: this.#parts.grants.isGranted(track),
      muted: mine?.muted ?? this.#unheard.has(track),
      live: state?.isLive ?? false,
      ...(problem !== undefined && { problem }),
    };
  }

  #mute(track: AudioTrack, muted: boolean): void {
    const mine = this.#outgoing.get(track);
    if (mine) {
      mine.muted = muted;
    } else if (this.#parts.listen) {
      if (muted) this.#unheard.add(track);
      else this.#unheard.delete(track);
      this.#parts.listen(track, !muted);
    }
  }

  #choose(what: 'input' | 'output', device: string | undefined): void {
    if (what === 'output') {
      this.#engine.setOutput(device?.replace(/^page:/, ''));
      return;
    }
    for (const [track, outgoing] of this.#outgoing) if (track !== 'hear-computer') outgoing.device = device;
  }

  #engineChanged(): void {
    const isBack = this.#engine.isThere && !this.#hadPage;
    this.#hadPage = this.#engine.isThere;
    // What it had open went away with the page before.
    if (isBack)
      for (const track of this.#outgoing.values()) if (track.problem === 'audio-unavailable') track.again();
    if (this.#engine.isThere) this.#list();
    this.#changed();
  }

  /** Only once it is of use: to look for devices runs programs. */
  #list(): void {
    const isOfUse = [...this.#outgoing.keys()].some((track) => this.#parts.grants.isGranted(track));
    if (isOfUse) void this.#desk?.list();
  }

  #heard({ track, level }: Heard): void {
    if (this.#incoming.has(track)) this.#desk.level(track, level);
  }

  #changed(): void {
    // The engine and the tracks may tell before the desk is there.
    this.#desk?.changed();
  }
}
