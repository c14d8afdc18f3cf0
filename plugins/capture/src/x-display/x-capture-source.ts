import {
  type CaptureSource,
  type Clock,
  type DisplayInfo,
  type DisplayListener,
  LiveletError,
  MAX_DISPLAYS,
  type OpenDisplay,
} from '@livelet/core';
import { clip } from '../picture/rectangles.js';
import { type MappedMemory, mappedMemory } from './shared-memory.js';
import { XConnection } from './x-connection.js';
import { readMonitors } from './x-monitors.js';
import { XOpenDisplay } from './x-open-display.js';

/** How pixels come from the X server: mapped memory, memory read as a file, the socket. */
export type PixelWay = 'mapped' | 'file' | 'socket';

/** Shows the displays of an X server, from the first time that it is asked until it is disposed. */
export class XCaptureSource implements CaptureSource {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #way: PixelWay;
  #memory: MappedMemory | undefined;
  #connection: Promise<XConnection> | undefined;
  /** The list that was told last. */
  #told: readonly DisplayInfo[] | undefined;

  /** `name` is an X11 display name such as `:0`; `way` the best one to try. */
  constructor(name: string, clock: Clock, way: PixelWay = 'mapped') {
    this.#name = name;
    this.#clock = clock;
    this.#way = way;
  }

  async displays(): Promise<readonly DisplayInfo[]> {
    this.#told = await this.#read();
    return this.#told;
  }

  async open(id: number, listener: DisplayListener): Promise<OpenDisplay> {
    const connection = await this.#connect();
    const told = this.#told;
    const displays = await this.#read();
    const info = displays.find((display) => display.id === id);
    if (!info) throw new LiveletError('display-unknown', `display ${id}`, { data: { display: id } });
    return XOpenDisplay.open({
      connection,
      clock: this.#clock,
      info,
      listener,
      useMemory: this.#way !== 'socket',
      // As whoever opens it knows them: what changed before it is watched is a change too.
      stillSame: async () => JSON.stringify(await this.#read()) === JSON.stringify(told ?? displays),
    });
  }

  async #read(): Promise<readonly DisplayInfo[]> {
    const connection = await this.#connect();
    const [screen, monitors] = await Promise.all([
      connection.request<{ width: number; height: number }>((reply) =>
        connection.client.GetGeometry(connection.root, reply),
      ),
      readMonitors(connection),
    ]);
    const whole = { x: 0, y: 0, width: screen.width, height: screen.height };
    const visible = monitors
      .slice(0, MAX_DISPLAYS - 1)
      .map((monitor, index) => ({ ...clip(monitor, whole), id: index + 1, name: monitor.name }))
      .filter((monitor) => monitor.width > 0 && monitor.height > 0);
    if (visible.length > 1) return [...visible, { ...whole, id: 0, name: '' }];
    return [{ ...whole, id: 0, name: visible[0]?.name ?? '' }];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    connection?.[Symbol.dispose]();
    this.#memory?.[Symbol.dispose]();
    this.#memory = undefined;
  }

  #connect(): Promise<XConnection> {
    this.#connection ??= this.#openConnection();
    return this.#connection;
  }

  async #openConnection(): Promise<XConnection> {
    if (this.#way === 'mapped') this.#memory ??= mappedMemory();
    const memory = this.#way === 'socket' ? false : (this.#memory as never);
    try {
      const connection = await XConnection.connect({ name: this.#name, clock: this.#clock, memory });
      connection.onLost(() => {
        this.#connection = undefined;
      });
      return connection;
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }
}
