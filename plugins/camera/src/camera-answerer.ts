import {
  acceptLimited,
  type ByteStream,
  CAMERA_PATH,
  Clock,
  type GrantsView,
  OwnGrants,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  type ServicePath,
  SessionInfo,
  type SessionPart,
  SHOW_CAMERA_PATH,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { CameraNotes } from './camera-notes.js';
import { OwnCamera } from './own-camera.js';
import { TheirCamera } from './their-camera.js';

/**
 * The half of the person who allows cameras: opens theirs while it is allowed and the caller looks, unless they closed
 * it, and shows the caller's.
 */
@injectable()
export class CameraAnswerer implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #clock: Clock;
  readonly #notes: CameraNotes;
  readonly #own: OwnCamera;
  readonly #their: TheirCamera;
  readonly #resources = new DisposableStack();
  #looking: ByteStream | undefined;
  #shown: ByteStream | undefined;
  #showing: Promise<unknown> = Promise.resolve();
  /** The person has closed it, until they open it again or allow it anew. */
  #isClosed = false;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(OwnGrants) grants: GrantsView,
    @inject(SessionInfo) { peer }: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) receipt: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    this.#clock = clock;
    const notes = new CameraNotes(receipt);
    this.#notes = notes;
    this.#own = new OwnCamera(
      clock,
      peer.name,
      () => this.#looking !== undefined,
      () => false,
      {
        switched: (on) => this.#switch(on),
        failed: () => undefined,
        opened: () => notes.opened('customer'),
      },
    );
    this.#their = new TheirCamera(clock, peer.name, {
      begun: () => notes.opened('helper'),
      closed: () => this.#shown?.reset('cancelled'),
    });
  }

  start(): void {
    this.#resources.use(this.#own.listen(this.#ui));
    this.#resources.use(this.#their.listen(this.#ui));
    const accept = (path: ServicePath, take: (stream: ByteStream) => void): void =>
      void this.#resources.use(acceptLimited(this.#channel, path, this.#clock, take));
    accept(CAMERA_PATH, (stream) => void this.#give(stream));
    accept(SHOW_CAMERA_PATH, (stream) => this.#show(stream));
    this.#resources.use(
      this.#grants.onChange(({ capability, state }) => {
        if (capability !== 'camera' || state === 'granted') return;
        this.#isClosed = false;
        this.#own.close();
      }),
    );
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    for (const stream of [this.#looking, this.#shown]) stream?.reset('session-ended');
    this.#own.close();
    await this.#showing;
  }

  /** The caller looks; a new stream takes the place of the one before. */
  async #give(stream: ByteStream): Promise<void> {
    this.#looking?.reset('cancelled');
    this.#looking = stream;
    this.#notes.follow('customer', stream);
    if (!this.#isClosed) this.#own.open();
    this.#own.tell();
    await this.#own.sendTo(stream);
    stream.reset('cancelled');
    if (this.#looking !== stream) return;
    this.#looking = undefined;
    // Also while the line is sought: nobody looks.
    this.#own.close();
  }

  #switch(on: boolean): void {
    this.#isClosed = !on;
    if (!on) this.#own.close();
    else if (this.#looking) this.#own.open();
  }

  /** The caller shows theirs; a new stream takes the place of the one before. */
  #show(stream: ByteStream): void {
    this.#shown?.reset('cancelled');
    this.#shown = stream;
    this.#notes.follow('helper', stream);
    this.#showing = this.#showing.then(() =>
      // Replaced before its turn came.
      stream === this.#shown ? this.#their.receive(stream) : undefined,
    );
  }
}
