import {
  CAMERA_PATH,
  Clock,
  GrantedStream,
  type GrantsView,
  holdStreams,
  PeerGrants,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  SessionInfo,
  type SessionPart,
  SHOW_CAMERA_PATH,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { CameraNotes } from './camera-notes.js';
import { OwnCamera } from './own-camera.js';
import { TheirCamera } from './their-camera.js';

/** The half of the person who asks: looks at the answerer's camera while it is allowed, and shows theirs when they want to. */
@injectable()
export class CameraCaller implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #notes: CameraNotes;
  readonly #own: OwnCamera;
  readonly #their: TheirCamera;
  readonly #resources = new DisposableStack();
  /** Ends the showing there is. */
  #showing: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(SessionInfo) { peer }: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) receipt: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    const notes = new CameraNotes(receipt);
    this.#notes = notes;
    const isAllowed = (): boolean => grants.isGranted('show-camera');
    const isAsked = (): boolean => grants.get('show-camera').state === 'asked';
    this.#own = new OwnCamera(clock, peer.name, isAllowed, isAsked, {
      switched: (on) => this.#switch(on),
      failed: () => this.#showing?.abort(),
      opened: () => notes.opened('helper'),
    });
    this.#their = new TheirCamera(clock, peer.name, {
      begun: () => notes.opened('customer'),
      closed: () => undefined,
    });
  }

  start(): void {
    this.#resources.use(this.#own.listen(this.#ui));
    this.#resources.use(this.#their.listen(this.#ui));
    this.#resources.use(
      this.#grants.onChange(({ capability, state }) => {
        if (capability !== 'show-camera') return;
        // While the line is sought there is no stream whose end would tell.
        if (state !== 'granted') this.#showing?.abort();
        this.#own.tell();
      }),
    );
    this.#resources.use(
      new GrantedStream(this.#channel, this.#grants, CAMERA_PATH, 'camera', (stream) => {
        this.#notes.follow('customer', stream);
        return this.#their.receive(stream);
      }),
    );
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    this.#showing?.abort();
    await this.#running;
  }

  #switch(on: boolean): void {
    if (!on) {
      this.#showing?.abort();
      return;
    }
    const isShown = this.#showing && !this.#showing.signal.aborted;
    if (isShown || !this.#grants.isGranted('show-camera')) return;
    const showing = new AbortController();
    this.#showing = showing;
    // Not before the other end takes it.
    this.#own.wait();
    this.#running = this.#running.then(() => this.#show(showing));
  }

  /** From the person's press until one of both has enough of it. Never rejects. */
  async #show(showing: AbortController): Promise<void> {
    const { signal } = showing;
    const code = await holdStreams(this.#channel, SHOW_CAMERA_PATH, signal, async (stream) => {
      this.#notes.follow('helper', stream);
      this.#own.open();
      await this.#own.sendTo(stream);
      this.#own.wait();
    });
    // The person wants it again already.
    if (this.#showing !== showing) return;
    this.#showing = undefined;
    this.#own.close(code === 'cancelled' && !signal.aborted);
  }
}
