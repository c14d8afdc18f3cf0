import { type PortPair, portPair } from '@livelet/compliance';
import {
  type ByteStream,
  type Clock,
  createHostContainer,
  decodeSourceMessage,
  type ErrorCode,
  encodeViewerMessage,
  type JsonValue,
  MAX_SOURCE_MESSAGE,
  type MessageStream,
  messageStream,
  type PagePort,
  SCREEN_PATH,
  type SourceMessage,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { STAGE_PIECE } from '../src/viewer/page-protocol.js';
import { decodedTile } from './decoded-tile.js';

const folder = new URL('../../', import.meta.url);

/** A page in the test's place: decodes as pages do, and acknowledges unless it is held. */
export class FakeStage {
  readonly port: PortPair;
  readonly messages: SourceMessage[] = [];
  readonly states: JsonValue[] = [];
  readonly #hold: boolean;
  #drawing: Promise<void> = Promise.resolve();

  constructor(hold = false, port = portPair(`plugin:livelet.capture:${STAGE_PIECE}`)) {
    this.#hold = hold;
    this.port = port;
    this.port.page.onMessage(({ json, bytes }) => {
      if (!bytes) this.states.push(json);
      else this.#drawing = this.#drawing.then(() => this.#take(decodeSourceMessage(bytes)));
    });
  }

  async #take(message: SourceMessage): Promise<void> {
    this.messages.push(message);
    if (message.type !== 'frame') return;
    try {
      for (const operation of message.operations) {
        if (operation.kind !== 'tile') continue;
        await decodedTile(operation);
      }
    } catch {
      this.port.page.post({ json: { type: 'broken' } });
      return;
    }
    if (this.#hold || !message.last) return;
    const { generation, number } = message;
    const bytes = encodeViewerMessage({ type: 'acknowledge', generation, number, drawTime: 7 });
    this.port.page.post({ json: null, bytes });
  }
}

/** The viewer's half at the operator's end of a real channel; the test is the source at the other. */
export interface HostedViewer extends AsyncDisposable {
  readonly pair: SessionPair;
  /** A page mounts a piece. */
  connect(port: PagePort): void;
  /** Allows the view and takes the stream that the viewer then opens. */
  allow(): Promise<SourceEnd>;
  /** The next stream that the viewer opens. */
  nextStream(): Promise<SourceEnd>;
}

/**
 * @param relay where the ends meet again after a drop
 * @param clock of the viewer's half
 */
export async function hostViewer(relay?: SimulatedRelay, clock: Clock = systemClock): Promise<HostedViewer> {
  await using stack = new AsyncDisposableStack();
  const host = stack.use(await createHostContainer({ clock, plugins: [{ folder, role: 'viewer' }] }));
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: host.hello() },
    customer: { hello: [{ id: 'livelet.capture', version: '0.1.0', services: [SCREEN_PATH] }] },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const accepted = new Accepted();
  const source = pair.customer.pluginChannel({
    serves: [{ path: SCREEN_PATH, capability: 'view', priority: 'screen' }],
    opens: [],
  });
  source.accept(SCREEN_PATH, (stream) => accepted.add(stream));
  const session = stack.use(await host.openSession(pair.operator));
  const owned = stack.move();
  const nextStream = async (): Promise<SourceEnd> => new SourceEnd(await accepted.next());
  return {
    pair,
    connect(port) {
      if (!session.connectPort(port)) throw new Error('nobody takes the port');
    },
    nextStream,
    allow() {
      pair.customer.ownGrants.grant('view');
      return nextStream();
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** The source's end of a stream, played by the test. */
export class SourceEnd {
  readonly received: Uint8Array[] = [];
  readonly #stream: MessageStream;
  readonly #ended: Promise<ErrorCode | undefined>;
  #watcher: (() => void) | undefined;

  constructor(stream: ByteStream) {
    this.#stream = messageStream(stream, MAX_SOURCE_MESSAGE);
    this.#ended = this.#read(stream);
  }

  send(message: Uint8Array): void {
    this.#stream.send(message).catch(() => undefined);
  }

  reset(code: ErrorCode): void {
    this.#stream.reset(code);
  }

  /** When so many messages have come, or with the code of the stream's reset. */
  until(count: number): Promise<ErrorCode | undefined> {
    const enough = new Promise<undefined>((resolve) => {
      this.#watcher = () => {
        if (this.received.length >= count) resolve(undefined);
      };
      this.#watcher();
    });
    return Promise.race([enough, this.#ended]);
  }

  async #read(stream: ByteStream): Promise<ErrorCode | undefined> {
    try {
      for await (const message of this.#stream) {
        this.received.push(message);
        this.#watcher?.();
      }
    } catch {
      // The code is what `closed` says.
    }
    return stream.closed;
  }
}

/** Streams in the order of their coming. */
class Accepted {
  readonly #streams: ByteStream[] = [];
  #wake: (() => void) | undefined;

  add(stream: ByteStream): void {
    this.#streams.push(stream);
    this.#wake?.();
  }

  async next(): Promise<ByteStream> {
    for (;;) {
      const stream = this.#streams.shift();
      if (stream) return stream;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
