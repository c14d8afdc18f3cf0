/** What this plugin uses of npm `x11`, which comes without types. */
declare module 'x11' {
  export type Reply<T> = (error: Error | null | undefined, value: T) => unknown;

  /** A shared memory segment as its provider made it. */
  export interface ProviderSegment {
    readonly size: number;
    readonly fd: number;
    readonly buffer: Buffer;
  }
  export interface ShmProvider<S extends ProviderSegment> {
    readonly flavor: 'fd';
    readonly zeroCopy: boolean;
    create(size: number): S;
    commit(segment: S, offset?: number, length?: number): void;
    sync(segment: S, offset?: number, length?: number): void;
    destroy(segment: S): void;
  }
  export interface Segment {
    readonly buffer: Buffer;
    readonly zeroCopy: boolean;
    getImage(
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      format: number | undefined,
      offset: number,
      reply: Reply<{ depth: number; size: number }>,
    ): void;
    detach(done?: () => void): void;
  }
  export interface Shm {
    createSegment(size: number, reply: Reply<Segment>): void;
  }
  export interface Damage {
    readonly ReportLevel: { readonly DeltaRectangles: 1 };
    Create(damage: number, drawable: number, level: number): void;
    Destroy(damage: number): void;
    /** Repair and parts are regions; 0 takes all that is reported away. */
    Subtract(damage: number, repair: number, parts: number): void;
  }
  export interface CursorImage {
    readonly width: number;
    readonly height: number;
    readonly xhot: number;
    readonly yhot: number;
    /** ARGB words, alpha multiplied in. */
    readonly cursorImage: Buffer;
  }
  export interface Fixes {
    readonly CursorNotifyMask: { readonly DisplayCursor: 1 };
    SelectCursorInput(window: number, mask: number): void;
    GetCursorImage(reply: Reply<CursorImage>): void;
  }
  export interface Randr {
    readonly NotifyMask: { readonly ScreenChange: 1 };
    SelectInput(window: number, mask: number): void;
    GetScreenResourcesCurrent(
      window: number,
      reply: Reply<{ crtcs: number[]; outputs: number[]; config_timestamp: number }>,
    ): void;
    GetOutputInfo(output: number, time: number, reply: Reply<{ crtc: number; name: string }>): void;
    GetCrtcInfo(crtc: number, time: number, reply: Reply<XArea>): void;
  }
  export interface XArea {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }
  export interface Xinerama {
    QueryScreens(reply: Reply<XArea[]>): void;
  }
  export interface XInput {
    readonly AllMasterDevices: 1;
    readonly EventMask: { readonly RawMotion: number; readonly Motion: number };
    XISelectEvents(window: number, mask: { deviceId: number; mask: number }): void;
  }
  export interface Extensions {
    shm: Shm;
    damage: Damage;
    fixes: Fixes;
    randr: Randr;
    xinerama: Xinerama;
    xinput: XInput;
  }
  export interface XEvent {
    readonly name: string;
    /** The window that it is about, of events of the core protocol. */
    readonly wid?: number;
    readonly damage?: number;
    readonly area?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  }
  export interface XClient {
    readonly stream: { destroy(): void } | undefined;
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'end', listener: () => void): void;
    on(event: 'event', listener: (event: XEvent) => void): void;
    removeListener(event: 'event', listener: (event: XEvent) => void): void;
    require<E extends keyof Extensions>(extension: E, reply: Reply<Extensions[E]>): void;
    sync(reply: Reply<void>): void;
    AllocID(): number;
    GetGeometry(drawable: number, reply: Reply<{ depth: number; width: number; height: number }>): void;
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      reply: Reply<{ depth: number; data: Buffer }>,
    ): void;
    QueryPointer(window: number, reply: Reply<{ rootX: number; rootY: number }>): void;
    ChangeWindowAttributes(window: number, values: { eventMask: number }): void;
  }
  export interface Visual {
    readonly class: number;
    readonly red_mask: number;
    readonly green_mask: number;
    readonly blue_mask: number;
  }
  export interface Screen {
    readonly root: number;
    readonly root_depth: number;
    readonly root_visual: number;
    readonly depths: Readonly<Record<number, Readonly<Record<number, Visual>>>>;
  }
  export interface Display {
    readonly client: XClient;
    readonly screen: readonly Screen[];
    readonly image_byte_order: number;
    readonly format: Readonly<
      Record<number, { readonly bits_per_pixel: number; readonly scanline_pad: number }>
    >;
  }
  export interface ClientOptions {
    readonly display: string;
    readonly shm?: ShmProvider<never> | false;
  }
  export function createClient(options: ClientOptions, ready: Reply<Display>): XClient;
  const x11: { createClient: typeof createClient };
  export default x11;
}
