/** What this plugin uses of npm `x11`, which comes without types. */
declare module 'x11' {
  type Reply<T> = (error: Error | null | undefined, value: T) => unknown;

  export interface XProperty {
    type: number;
    /** 8, 16 or 32. */
    format: number;
    /** What is left beyond `data`. */
    bytesAfter: number;
    data: Uint8Array;
  }
  /** The fields that the events of selections and properties have; XFIXES and the core share names. */
  export interface XEvent {
    type: number;
    /** PropertyNotify: the window; DestroyNotify: its parent. */
    wid: number;
    atom: number;
    /** 0: new value, 1: deleted. */
    state: number;
    time: number;
    owner: number;
    requestor: number;
    selection: number;
    target: number;
    property: number;
    subtype: number;
    timestamp: number;
    /** Of XFIXES: the window that asked for its events. */
    window: number;
  }
  export interface XFixes {
    firstEvent: number;
    SelectSelectionInput(window: number, selection: number, eventMask: number): void;
  }
  export interface XClient {
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'end', listener: () => void): void;
    on(event: 'event', listener: (event: XEvent) => void): void;
    require(extension: 'fixes', reply: Reply<XFixes>): void;
    sync(reply: Reply<unknown>): void;
    terminate(): void;
    /** Names whose atoms needn't be asked for. */
    atoms: Record<string, number>;
    AllocID(): number;
    InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
    GetAtomName(atom: number, reply: Reply<string>): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: { eventMask: number },
    ): void;
    DestroyWindow(id: number): void;
    ChangeWindowAttributes(id: number, values: { eventMask: number }): void;
    ChangeProperty(
      mode: 0 | 1 | 2,
      window: number,
      property: number,
      type: number,
      format: 8 | 32,
      data: Uint8Array | number[],
    ): void;
    GetProperty(
      remove: 0 | 1,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      reply: Reply<XProperty>,
    ): void;
    SetSelectionOwner(window: number, selection: number, time: number): void;
    GetSelectionOwner(selection: number, reply: Reply<number>): void;
    ConvertSelection(
      requestor: number,
      selection: number,
      target: number,
      property: number,
      time: number,
    ): void;
    SendEvent(
      window: number,
      propagate: 0 | 1,
      eventMask: number,
      event: {
        name: 'SelectionNotify';
        seq: number;
        time: number;
        requestor: number;
        selection: number;
        target: number;
        property: number;
      },
    ): void;
  }
  export interface XDisplay {
    client: XClient;
    screen: { root: number }[];
    resource_mask: number;
  }
  export function createClient(options: { display: string }, ready: Reply<XDisplay>): XClient;
  const x11: { createClient: typeof createClient };
  export default x11;
}
