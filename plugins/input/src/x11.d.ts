/** What this plugin uses of npm `x11`, which comes without types. */
declare module 'x11' {
  type Reply<T> = (error: Error | null | undefined, value: T) => unknown;

  export interface PointerState {
    root: number;
    child: number;
    rootX: number;
    rootY: number;
    keyMask: number;
  }
  export interface ClientId {
    /** Resource base of the client; 0 is the server itself. */
    client: number;
    mask: number;
    value: number[];
  }
  export interface XResource {
    QueryVersion(major: number, minor: number, reply: Reply<[number, number]>): void;
    QueryClientIds(specs: { client: number; mask: number }[], reply: Reply<ClientId[]>): void;
  }
  export interface XTest {
    KeyPress: 2;
    KeyRelease: 3;
    ButtonPress: 4;
    ButtonRelease: 5;
    MotionNotify: 6;
    FakeInput(type: number, detail: number, time: number, window: number, x: number, y: number): void;
  }
  export interface XEvent {
    type: number;
    /** Of a client message. */
    data?: number[];
  }
  export interface XClient {
    /** What InternAtom answers without asking the display. */
    atoms: Record<string, number>;
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'end', listener: () => void): void;
    on(event: 'event', listener: (event: XEvent) => void): void;
    require(extension: 'xtest', reply: Reply<XTest>): void;
    require(extension: 'res', reply: Reply<XResource>): void;
    sync(reply: Reply<unknown>): void;
    terminate(): void;
    GrabServer(): void;
    UngrabServer(): void;
    TranslateCoordinates(
      source: number,
      destination: number,
      x: number,
      y: number,
      reply: Reply<{ child: number; destX: number; destY: number }>,
    ): void;
    QueryPointer(window: number, reply: Reply<PointerState>): void;
    QueryTree(window: number, reply: Reply<{ root: number; parent: number; children: number[] }>): void;
    GetInputFocus(reply: Reply<{ focus: number; revertTo: number }>): void;
    GetGeometry(window: number, reply: Reply<{ width: number; height: number }>): void;
    QueryKeymap(reply: Reply<Uint8Array>): void;
    GetKeyboardMapping(first: number, count: number, reply: Reply<number[][]>): void;
    ChangeKeyboardMapping(first: number, columns: number, keysyms: number[]): void;
    GetModifierMapping(reply: Reply<number[][]>): void;
    GetKeyboardControl(reply: Reply<{ globalAutoRepeat: number; autoRepeats: Uint8Array }>): void;
    InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
    ChangeWindowAttributes(window: number, values: { eventMask: number }): void;
    GetProperty(
      remove: 0,
      window: number,
      name: number,
      type: number,
      offset: number,
      words: number,
      reply: Reply<{ data: Buffer }>,
    ): void;
    SendClientMessage(
      to: number,
      about: number,
      type: number,
      format: 32,
      data: number[],
      eventMask: number,
    ): void;
    ChangeKeyboardControl(values: { key: number; autoRepeatMode: 0 | 1 | 2 }): void;
  }
  export interface XScreen {
    root: number;
    pixel_width: number;
    pixel_height: number;
  }
  export interface XDisplay {
    client: XClient;
    screen: XScreen[];
    resource_base: number;
    resource_mask: number;
    min_keycode: number;
    max_keycode: number;
  }
  export function createClient(options: { display: string }, ready: Reply<XDisplay>): XClient;
  export interface KeySym {
    code: number;
    /** Begins with the character in round brackets, where there is one. */
    description: string | null;
  }
  const x11: { createClient: typeof createClient; keySyms: Readonly<Record<string, KeySym>> };
  export default x11;
}
