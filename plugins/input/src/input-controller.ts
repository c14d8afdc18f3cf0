import {
  asLiveletError,
  type ByteStream,
  decodeInput,
  decodeInputReply,
  type ErrorCode,
  encodeInput,
  type GrantsView,
  INPUT_PATH,
  type InputMessage,
  MAX_INPUT_MESSAGE,
  type MessageStream,
  messageStream,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  type PortMessage,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { type ControllerToPage, KEYS_PIECE, STAGE_PIECE } from './page-protocol.js';

/** While so many bytes wait for the connection, only the newest of the pointer's moves is kept: nothing waits behind them. */
const SLOW_BYTES = 2048;
/** When so many wait, nothing more is taken. */
const STUCK_BYTES = 64 * 1024;

/** Sends the page's mouse and keyboard to the target while the customer allows it. */
@injectable()
export class InputController implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #resources = new DisposableStack();
  readonly #ports = new Set<PagePort>();
  #opening: AbortController | undefined;
  #messages: MessageStream | undefined;
  #error: ErrorCode | undefined;
  #capturing: PagePort | undefined;
  /** The stage that shows a picture: nobody types or clicks on what they can't see. */
  #seeing: PagePort | undefined;
  #skipped = false;
  /** Where the pointer went while too much waited. */
  #late: InputMessage | undefined;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
  }

  start(): void {
    for (const piece of [STAGE_PIECE, KEYS_PIECE]) {
      this.#resources.use(this.#ui.onPort(piece, (port) => this.#serve(port)));
    }
    this.#resources.use(
      this.#grants.onChange(({ capability }) => {
        if (capability === 'control') this.#follow();
      }),
    );
    this.#follow();
  }

  stop(): void {
    this.#resources.dispose();
    this.#leave();
    for (const port of this.#ports) port.close();
  }

  #follow(): void {
    const granted = this.#grants.isGranted('control');
    if (granted && this.#opening === undefined) void this.#control();
    if (granted || this.#opening === undefined) return;
    this.#leave();
    const { state } = this.#grants.get('control');
    if (state !== 'revoked' && state !== 'expired') return;
    for (const port of this.#ports) port.post({ json: { ...this.#state(), over: state } });
  }

  #leave(): void {
    this.#opening?.abort();
    this.#opening = undefined;
    this.#messages?.reset('cancelled');
    this.#messages = undefined;
    this.#late = undefined;
    this.#error = undefined;
    this.#tellAll();
  }

  /** Holds a stream for as long as it lasts, and another one after a drop. */
  async #control(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    this.#error = undefined;
    do {
      try {
        const stream = await this.#channel.open(INPUT_PATH, opening.signal);
        if (opening.signal.aborted) stream.reset('cancelled');
        else await this.#hold(stream);
      } catch (error) {
        if (!opening.signal.aborted) this.#error = faultOf(error);
      }
      if (this.#opening !== opening) return;
      // What is pressed while there is none is nobody's: pressed later, it could hit something else.
      this.#messages = undefined;
      this.#late = undefined;
      this.#tellAll();
    } while (this.#error === 'reconnecting');
  }

  async #hold(stream: ByteStream): Promise<void> {
    const messages = messageStream(stream, MAX_INPUT_MESSAGE);
    this.#messages = messages;
    this.#error = undefined;
    this.#tellAll();
    for await (const bytes of messages) {
      const refusal = { type: 'refused', ...decodeInputReply(bytes) } satisfies ControllerToPage;
      for (const port of this.#ports) port.post({ json: refusal });
    }
  }

  #serve(port: PagePort): void {
    this.#ports.add(port);
    port.onMessage((message) => this.#take(port, message));
    port.onClose(() => {
      this.#ports.delete(port);
      this.#send({ type: 'release-all' });
      if (this.#capturing === port) this.#captured(undefined);
      if (this.#seeing === port) this.#sees(undefined);
    });
    port.post({ json: this.#state() });
  }

  #take(port: PagePort, { json, bytes }: PortMessage): void {
    if (bytes !== undefined) {
      try {
        this.#send(decodeInput(bytes));
      } catch {
        // A page that says what no target would take is not passed on.
      }
    } else if (typeof json === 'object' && json !== null && 'captured' in json) {
      if (json.captured === true) this.#captured(port);
      else if (this.#capturing === port) this.#captured(undefined);
    } else if (typeof json === 'object' && json !== null && 'picture' in json) {
      if (json.picture === true) this.#sees(port);
      else if (this.#seeing === port) this.#sees(undefined);
    }
  }

  #send(message: InputMessage): void {
    const messages = this.#messages;
    if (messages === undefined) return;
    if (this.#seeing === undefined && message.type !== 'release-all') return;
    const limit = message.type === 'move' ? SLOW_BYTES : STUCK_BYTES;
    if (messages.queuedBytes > limit) {
      if (message.type === 'move') this.#late = message;
      else this.#skipped = true;
      return;
    }
    // A key goes where the pointer is by then; whatever has a place of its own is newer.
    const late = 'x' in message ? undefined : this.#late;
    this.#late = undefined;
    if (late) this.#send(late);
    if (this.#skipped) {
      // What was left out may have been a release.
      this.#skipped = false;
      this.#send({ type: 'release-all' });
    }
    // The end of the stream is seen where it is read.
    messages.send(encodeInput(message)).then(
      () => this.#catchUp(),
      () => undefined,
    );
  }

  #catchUp(): void {
    if (this.#late && this.#messages && this.#messages.queuedBytes <= SLOW_BYTES) this.#send(this.#late);
  }

  #captured(port: PagePort | undefined): void {
    this.#capturing = port;
    this.#tellAll();
  }

  #sees(port: PagePort | undefined): void {
    this.#seeing = port;
    if (port === undefined) {
      this.#late = undefined;
      this.#send({ type: 'release-all' });
    }
    this.#tellAll();
  }

  #tellAll(): void {
    for (const port of this.#ports) port.post({ json: this.#state() });
  }

  #state(): ControllerToPage & { type: 'state' } {
    const state = {
      type: 'state',
      control: this.#messages !== undefined && this.#seeing !== undefined,
      captured: this.#capturing !== undefined,
    } as const;
    return this.#error === undefined ? state : { ...state, error: this.#error };
  }
}

/** That control was taken back is no fault: the grant says it. */
function faultOf(error: unknown): ErrorCode | undefined {
  const { code } = asLiveletError(error);
  return code === 'revoked' ? undefined : code;
}
