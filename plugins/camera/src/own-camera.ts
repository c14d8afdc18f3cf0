import type { ByteStream, Clock, JsonValue, PagePort, PluginUi } from '@livelet/core';
import { CameraSender } from './camera-sender.js';
import { Lens } from './lens.js';
import { HELD, type HostToOwn, OWN_PIECE, type OwnToHost } from './page-protocol.js';

/** What the person does with their own camera. */
export interface OwnListener {
  /** It is to be open, or not. */
  switched(on: boolean): void;
  /** It couldn't be opened, or ended. */
  failed(): void;
  /** It is open. */
  opened(): void;
}

/** This person's camera with the piece that rules it, and the stream that its frames go to. */
export class OwnCamera {
  readonly #clock: Clock;
  readonly #lens: Lens;
  readonly #listener: OwnListener;
  readonly #peerName: string;
  readonly #ports = new Set<PagePort>();
  readonly #isAllowed: () => boolean;
  readonly #isAsked: () => boolean;
  #sender: CameraSender | undefined;
  #wasOn = false;
  #closed = false;
  #waits = false;

  /**
   * @param isAllowed whether its frames may go to the other person now
   * @param isAsked whether they were asked and haven't answered
   */
  constructor(
    clock: Clock,
    peerName: string,
    isAllowed: () => boolean,
    isAsked: () => boolean,
    listener: OwnListener,
  ) {
    this.#clock = clock;
    this.#peerName = peerName;
    this.#isAllowed = isAllowed;
    this.#isAsked = isAsked;
    this.#listener = listener;
    this.#lens = new Lens(clock, {
      changed: () => this.#changed(),
      frame: (frame) => void this.#sender?.take(frame),
    });
  }

  /** Takes the ports of both pieces. */
  listen(ui: PluginUi): Disposable {
    const listening = new DisposableStack();
    listening.use(this.#lens.listen(ui));
    listening.use(ui.onPort(OWN_PIECE, (port) => this.#connect(port)));
    return listening;
  }

  open(): void {
    this.#closed = false;
    this.#waits = false;
    this.#lens.open();
  }

  /** Closed until the line is back. */
  wait(): void {
    this.#waits = true;
    this.#lens.close();
    this.tell();
  }

  /** @param byPeer the other person has closed it, which the piece says */
  close(byPeer = false): void {
    this.#closed = byPeer;
    this.#waits = false;
    this.#lens.close();
    this.tell();
  }

  /** Sends its frames over the stream from now on, until it ends. Never rejects. */
  async sendTo(stream: ByteStream): Promise<void> {
    const sender: CameraSender = new CameraSender(stream, this.#clock, {
      key: () => this.#lens.key(),
      paced: (pace) => {
        if (this.#sender === sender) this.#lens.pace = pace;
      },
    });
    this.#sender = sender;
    this.#lens.pace = sender.pace;
    this.#lens.key();
    await sender.run();
    if (this.#sender !== sender) return;
    this.#sender = undefined;
    this.#lens.pace = HELD;
  }

  /** Whether it is allowed has changed. */
  tell(): void {
    for (const port of this.#ports) this.#tell(port);
  }

  #changed(): void {
    const { state } = this.#lens;
    const isOn = state === 'on';
    if (isOn && !this.#wasOn) this.#listener.opened();
    if (!isOn && this.#wasOn) this.#sender?.off();
    this.#wasOn = isOn;
    this.tell();
    if (state === 'refused' || state === 'missing' || state === 'failed') this.#listener.failed();
  }

  #connect(port: PagePort): void {
    this.#ports.add(port);
    port.onMessage(({ json }) => this.#hear(json as unknown as OwnToHost));
    port.onClose(() => void this.#ports.delete(port));
    this.#tell(port);
  }

  #hear(message: OwnToHost): void {
    if (message.type === 'device') this.#lens.choose(message.device);
    else this.#listener.switched(message.type === 'on');
  }

  #tell(port: PagePort): void {
    const { state, device, devices } = this.#lens;
    const message: HostToOwn = {
      state: this.#waits && state === 'off' ? 'waiting' : state,
      allowed: this.#isAllowed(),
      asked: this.#isAsked(),
      peerName: this.#peerName,
      device,
      devices,
      closed: this.#closed,
    };
    port.post({ json: message as unknown as JsonValue });
  }
}
