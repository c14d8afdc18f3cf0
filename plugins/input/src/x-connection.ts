import { asLiveletError, type Clock, LiveletError } from '@livelet/core';
import x11, {
  type ClientId,
  type PointerState,
  type XClient,
  type XDisplay,
  type XResource,
  type XTest,
} from 'x11';

/** How long the display server has to take a connection or to answer, ms. */
const DEADLINE = 5000;
/** The event that says that the keyboard's layout changed (X11 protocol, appendix B). */
const MAPPING_NOTIFY = 34;
const CLIENT_MESSAGE = 33;
/** Events of windows in the root, where a ping's answer arrives (X11 protocol, SETofEVENT). */
const SUBSTRUCTURE_NOTIFY = 0x8_0000;
/** Protocols of a window that are looked at, each 4 bytes. */
const MAX_PROTOCOLS = 32;
/** The type of a property that is a list of atoms. */
const ATOM = 4;
/** Asks X-Resource for the process of each client (X-Resource 1.2, CLIENTIDSPEC). */
const LOCAL_CLIENT_PID = 2;

/** One of the display's clients: its windows' ids all lie in its own range. */
export interface DisplayClient {
  /** First id of the range. */
  readonly base: number;
  /** Process at the other end of its socket, as the kernel told the server; undefined for a remote client. */
  readonly processId: number | undefined;
}

/** A connection to a display that may inject input, its requests as promises. */
export class XConnection implements Disposable {
  readonly root: number;
  readonly firstKeycode: number;
  /** What isn't the client's range in a resource id. */
  readonly resourceMask: number;
  /** Resolves when the connection is over, lost or closed. */
  readonly ended: Promise<void>;
  readonly #client: XClient;
  readonly #display: XDisplay;
  readonly #test: XTest;
  readonly #resources: XResource;
  readonly #clock: Clock;
  readonly #waiting = new Set<(error: LiveletError) => void>();
  readonly #protocols: number;
  readonly #ping: number;
  #over = false;
  #keymapChanges = 0;
  /** Tells pings apart; the answer has it where a window manager has the time. */
  #pinged = 0;
  #answered: (ping: number) => unknown = () => undefined;

  /** @throws `display-unavailable`, `input-unavailable` (the display has no XTEST or no X-Resource 1.2) */
  static async open(name: string, clock: Clock): Promise<XConnection> {
    const display = await ready(name, clock);
    const client = display.client;
    try {
      const test = await extension<XTest>((reply) => client.require('xtest', reply), clock);
      const resources = await extension<XResource>((reply) => client.require('res', reply), clock);
      const version = await extension<[number, number]>(
        (reply) => resources.QueryVersion(1, 2, reply),
        clock,
      );
      if (version[0] === 1 && version[1] < 2)
        throw new LiveletError('input-unavailable', 'X-Resource too old');
      // The library keeps the atoms of all displays in one table, and each display has numbers of its own.
      client.atoms = {};
      const [protocols, ping] = await Promise.all(
        ['WM_PROTOCOLS', '_NET_WM_PING'].map((name) =>
          extension<number>((reply) => client.InternAtom(false, name, reply), clock),
        ),
      );
      return new XConnection(display, test, resources, clock, { protocols: protocols ?? 0, ping: ping ?? 0 });
    } catch (error) {
      client.terminate();
      throw error;
    }
  }

  private constructor(
    display: XDisplay,
    test: XTest,
    resources: XResource,
    clock: Clock,
    atoms: { readonly protocols: number; readonly ping: number },
  ) {
    this.#client = display.client;
    this.#display = display;
    this.#test = test;
    this.#resources = resources;
    this.#clock = clock;
    this.#protocols = atoms.protocols;
    this.#ping = atoms.ping;
    this.root = display.screen[0]?.root ?? 0;
    this.firstKeycode = display.min_keycode;
    this.resourceMask = display.resource_mask;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    const over = (): void => {
      this.#over = true;
      for (const reject of this.#waiting) reject(lost());
      this.#waiting.clear();
      resolve();
    };
    this.#client.on('end', over);
    // Errors of single requests arrive here too: a window that has just gone. Only a broken socket ends it all.
    this.#client.on('error', (error) => {
      if ('code' in error || 'errno' in error) over();
    });
    this.#client.on('event', (event) => {
      if (event.type === MAPPING_NOTIFY) this.#keymapChanges += 1;
      if (event.type === CLIENT_MESSAGE && event.data?.[0] === this.#ping) this.#answered(event.data[1] ?? 0);
    });
    this.#client.ChangeWindowAttributes(this.root, { eventMask: SUBSTRUCTURE_NOTIFY });
  }

  /** Grows with each change of the keyboard's layout, this connection's own among them. */
  get keymapChanges(): number {
    return this.#keymapChanges;
  }

  /** From here to `ungrabServer` the server answers no other client, so nothing moves under a decision. */
  grabServer(): void {
    this.#client.GrabServer();
  }

  ungrabServer(): void {
    if (!this.#over) this.#client.UngrabServer();
  }

  movePointer(x: number, y: number): void {
    this.#test.FakeInput(this.#test.MotionNotify, 0, 0, this.root, x, y);
  }

  button(number: number, down: boolean): void {
    const type = down ? this.#test.ButtonPress : this.#test.ButtonRelease;
    this.#test.FakeInput(type, number, 0, 0, 0, 0);
  }

  key(keycode: number, down: boolean): void {
    const type = down ? this.#test.KeyPress : this.#test.KeyRelease;
    this.#test.FakeInput(type, keycode, 0, 0, 0, 0);
  }

  setRepeat(keycode: number, on: boolean): void {
    this.#client.ChangeKeyboardControl({ key: keycode, autoRepeatMode: on ? 1 : 0 });
  }

  setKeysyms(keycode: number, keysyms: number[]): void {
    this.#client.ChangeKeyboardMapping(keycode, keysyms.length, keysyms);
  }

  /** All clients; the server's own windows, the root among them, belong to none. */
  async clients(): Promise<DisplayClient[]> {
    const ids = await this.#ask<ClientId[]>((reply) =>
      this.#resources.QueryClientIds([{ client: 0, mask: LOCAL_CLIENT_PID }], reply),
    );
    return ids
      .filter(({ client }) => client !== 0)
      .map(({ client, value }) => ({ base: client, processId: value[0] }));
  }

  /** The child of `window` that would get a press at this place of the screen; 0: none, `window` itself would. */
  async childAt(window: number, x: number, y: number): Promise<number> {
    const answer = await this.#ask<{ child: number }>((reply) =>
      this.#client.TranslateCoordinates(this.root, window, x, y, reply),
    );
    return answer.child;
  }

  async tree(window: number): Promise<{ parent: number; children: number[] }> {
    return await this.#ask((reply) => this.#client.QueryTree(window, reply));
  }

  async pointer(): Promise<PointerState> {
    return await this.#ask((reply) => this.#client.QueryPointer(this.root, reply));
  }

  async focus(): Promise<number> {
    return (await this.#ask<{ focus: number }>((reply) => this.#client.GetInputFocus(reply))).focus;
  }

  async screenSize(): Promise<{ width: number; height: number }> {
    return await this.#ask((reply) => this.#client.GetGeometry(this.root, reply));
  }

  /** 32 bytes, one bit for each keycode that is down. */
  async keysDown(): Promise<Uint8Array> {
    return await this.#ask((reply) => this.#client.QueryKeymap(reply));
  }

  /** For each keycode from `firstKeycode` on the keysyms of its columns. */
  async keysyms(): Promise<number[][]> {
    const { min_keycode: first, max_keycode: last } = this.#display;
    return await this.#ask((reply) => this.#client.GetKeyboardMapping(first, last - first + 1, reply));
  }

  /** For Shift, Lock, Control, Mod1 to Mod5 their keycodes, 0 where there is none. */
  async modifiers(): Promise<number[][]> {
    return await this.#ask((reply) => this.#client.GetModifierMapping(reply));
  }

  /** 32 bytes, one bit for each keycode that the server repeats while it is held. */
  async repeatingKeys(): Promise<Uint8Array> {
    const control = await this.#ask<{ autoRepeats: Uint8Array }>((reply) =>
      this.#client.GetKeyboardControl(reply),
    );
    return control.autoRepeats;
  }

  /** Whether the program of a window answers pings (EWMH, _NET_WM_PING). */
  async takesPings(window: number): Promise<boolean> {
    const { data } = await this.#ask<{ data: Buffer }>((reply) =>
      this.#client.GetProperty(0, window, this.#protocols, ATOM, 0, MAX_PROTOCOLS, reply),
    );
    for (let at = 0; at + 4 <= data.length; at += 4) if (data.readUInt32LE(at) === this.#ping) return true;
    return false;
  }

  /** Pings a window so many times, one after the other; resolves when all are answered. A ping before is forgotten. */
  async pings(window: number, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#pinged += 1;
      const ping = this.#pinged;
      this.#answered = (answer) => answer === ping && resolve();
      if (this.#over) return;
      const data = [this.#ping, ping, window, 0, 0];
      this.#client.SendClientMessage(window, window, this.#protocols, 32, data, 0);
      await promise;
    }
  }

  /** Resolves once the server has done all that was asked before. */
  async sync(): Promise<void> {
    await this.#ask((reply) => this.#client.sync(reply));
  }

  [Symbol.dispose](): void {
    if (!this.#over) this.#client.terminate();
  }

  /** @throws `display-lost`, `deadline-exceeded`, `input-unavailable` (the server refused, such as for a window just gone) */
  async #ask<T>(start: (reply: (error: Error | null | undefined, value: T) => boolean) => void): Promise<T> {
    if (this.#over) throw lost();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const fail = (error: LiveletError): void => reject(error);
    this.#waiting.add(fail);
    using _ = this.#clock.setTimer(DEADLINE, () =>
      reject(new LiveletError('deadline-exceeded', 'display is silent')),
    );
    try {
      start((error, value) => {
        if (error) reject(asLiveletError(error, 'input-unavailable'));
        else resolve(value);
        return true;
      });
      return await promise;
    } finally {
      this.#waiting.delete(fail);
    }
  }
}

async function ready(name: string, clock: Clock): Promise<XDisplay> {
  const { promise, resolve, reject } = Promise.withResolvers<XDisplay>();
  const unavailable = (cause: unknown): LiveletError =>
    new LiveletError('display-unavailable', 'no display', { cause });
  using _ = clock.setTimer(DEADLINE, () => reject(unavailable(new Error('no answer'))));
  try {
    x11.createClient({ display: name }, (error, display) =>
      error ? reject(unavailable(error)) : resolve(display),
    );
  } catch (error) {
    throw unavailable(error);
  }
  return await promise;
}

async function extension<T>(
  start: (reply: (error: Error | null | undefined, value: T) => unknown) => void,
  clock: Clock,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const unavailable = (cause?: unknown): LiveletError =>
    new LiveletError('input-unavailable', 'the display takes no injected input', { cause });
  using _ = clock.setTimer(DEADLINE, () => reject(unavailable()));
  start((error, value) => {
    if (error) reject(unavailable(error));
    else resolve(value);
    return true;
  });
  return await promise;
}

function lost(): LiveletError {
  return new LiveletError('display-lost', 'the connection to the display is over');
}
