/** What the tests use of npm `x11` beyond the plugin. */
declare module 'x11' {
  export interface XInputEvent extends XEvent {
    name: string;
    keycode: number;
    wid: number;
    x: number;
    y: number;
    rootx: number;
    rooty: number;
    buttons: number;
  }
  export interface XClient {
    AllocID(): number;
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
      values: { eventMask?: number; overrideRedirect?: boolean; backgroundPixel?: number },
    ): void;
    MapWindow(id: number): void;
    UnmapWindow(id: number): void;
    RaiseWindow(id: number): void;
    SetInputFocus(window: number, revertTo: number): void;
    GrabKey(
      window: number,
      ownerEvents: boolean,
      modifiers: number,
      key: number,
      pointer: number,
      keyboard: number,
    ): void;
    GrabKeyboard(
      window: number,
      ownerEvents: boolean,
      time: number,
      pointer: number,
      keyboard: number,
      reply: Reply<number>,
    ): void;
    GrabButton(
      window: number,
      ownerEvents: boolean,
      eventMask: number,
      pointer: number,
      keyboard: number,
      confineTo: number,
      cursor: number,
      button: number,
      modifiers: number,
    ): void;
    AllowEvents(mode: number, time: number): void;
  }
}
