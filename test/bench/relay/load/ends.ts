import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { RELAY_TLS } from '@livelet/core/wire';
import type { Way } from './frames.js';
import { type Destination, dial, LightEnd, pour } from './light-end.js';
import type { Operator } from './operator.js';
import { allocate, join, joined } from './pair.js';

/** For TLS; PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
}

let server: Server | undefined;
let end: LightEnd | undefined;
let accepted: Promise<LightEnd> | undefined;

function mine(): LightEnd {
  if (!end) throw new Error('no end is open');
  return end;
}

/** One end of one pair, in a process of its own. */
export const ENDS = {
  /** Waits for the other end itself, or for what stands between; the framing of what it then reads is `way`. */
  listen: async ({ identity, way, port }: { identity?: ServerIdentity; way: Way; port: number }) => {
    server?.close();
    server = identity ? createTlsServer({ ...identity, ...RELAY_TLS }) : createServer();
    accepted = once(server, identity ? 'secureConnection' : 'connection').then(
      ([socket]) => new LightEnd(socket as Socket, way),
    );
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  },
  accept: async (): Promise<void> => {
    end = await accepted;
  },
  dial: async (destination: Destination): Promise<void> => {
    end = await dial(destination);
  },
  allocate: async ({ destination, as }: { destination: Destination; as: Operator }): Promise<string> => {
    const waiting = await allocate(destination, as);
    end = waiting.end;
    return waiting.nameplate;
  },
  joined: (): Promise<void> => joined(mine()),
  join: async ({
    destination,
    nameplate,
  }: {
    destination: Destination;
    nameplate: string;
  }): Promise<void> => {
    end = await join(destination, nameplate);
  },
  close: async (): Promise<void> => {
    end?.close();
    end = undefined;
    server?.close();
    server = undefined;
  },

  /** Sends every frame back. */
  echo: async ({ size }: { size: number }): Promise<void> => {
    const own = mine();
    const answer = own.wrap(new Uint8Array(size));
    own.onFrame = () => own.socket.write(answer);
  },
  /** Round trips of a frame, ms each. `gapMs`: pause between two. */
  pingPong: async ({
    size,
    count,
    gapMs,
  }: {
    size: number;
    count: number;
    gapMs?: number;
  }): Promise<number[]> => {
    const own = mine();
    const frame = own.wrap(new Uint8Array(size));
    const times: number[] = [];
    while (times.length < count) {
      const back = new Promise<void>((resolve, reject) => {
        own.onFrame = () => resolve();
        own.socket.once('close', () => reject(new Error('closed in the middle')));
      });
      const started = performance.now();
      own.socket.write(frame);
      await back;
      times.push(performance.now() - started);
      own.socket.removeAllListeners('close');
      if (gapMs !== undefined) await pause(gapMs);
    }
    return times;
  },
  /** Sends records as fast as they are taken, until the connection ends or `seconds` are over. */
  flood: ({ size, seconds }: { size: number; seconds: number }): Promise<void> =>
    pour(mine(), mine().wrap(new Uint8Array(size)), seconds * 1000),
  /** Bytes a second that arrive, after `warmUp` s and for `seconds`. */
  count: async ({ warmUp, seconds }: { warmUp: number; seconds: number }): Promise<number> => {
    let bytes = 0;
    mine().countOnly((more) => {
      bytes += more;
    });
    await pause(warmUp * 1000);
    const [first, started] = [bytes, performance.now()];
    await pause(seconds * 1000);
    return (bytes - first) / ((performance.now() - started) / 1000);
  },
};
