import {
  type ByteStream,
  Clock,
  INPUT_PATH,
  OwnWindows,
  PluginChannel,
  type SessionPart,
  SharedDisplay,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { Injector } from './injector.js';
import { serveInput } from './input-stream.js';

/** Takes the controller's mouse and keyboard for the shared display. */
@injectable()
export class InputTarget implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #display: SharedDisplay;
  readonly #ownWindows: OwnWindows;
  readonly #clock: Clock;
  #accepting: Disposable | undefined;
  #stream: ByteStream | undefined;
  #served: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(SharedDisplay) display: SharedDisplay,
    @inject(OwnWindows) ownWindows: OwnWindows,
    @inject(Clock) clock: Clock,
  ) {
    this.#channel = channel;
    this.#display = display;
    this.#ownWindows = ownWindows;
    this.#clock = clock;
  }

  start(): void {
    this.#accepting = this.#channel.accept(INPUT_PATH, (stream) => this.#take(stream));
  }

  async stop(): Promise<void> {
    this.#accepting?.[Symbol.dispose]();
    this.#stream?.reset('session-ended');
    await this.#served;
  }

  /** One controller at a time: a new stream takes the place of the one before. */
  #take(stream: ByteStream): void {
    this.#stream?.reset('cancelled');
    this.#stream = stream;
    this.#served = this.#served.then(async () => {
      // Replaced before its turn came.
      if (stream !== this.#stream) return;
      await serveInput(stream, (signal) =>
        Injector.open(this.#display.name, this.#ownWindows, this.#clock, signal),
      );
    });
  }
}
