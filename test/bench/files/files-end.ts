/** One end of a session with files, in a process of its own. Talks to the benchmark by messages of the process. */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { pathToFileURL } from 'node:url';
import { portPair } from '@livelet/compliance';
import {
  allocateNameplate,
  type ByteStream,
  connectSession,
  createHostContainer,
  createIdentity,
  createSecret,
  type Deployment,
  identityFromSeed,
  joinNameplate,
  relayApi,
  type ServedPath,
  type SessionChannel,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { root } from '../../fixtures/program.js';
import { median } from '../statistics.js';

/** What an end is told to be. */
export type EndTask =
  | { readonly side: 'operator'; readonly deployment: Deployment; readonly seed: string }
  | {
      readonly side: 'customer';
      readonly deployment: Deployment;
      readonly code: { readonly nameplate: string; readonly secret: string };
    };

/** What it says. */
export type EndReport =
  | { readonly what: 'code'; readonly nameplate: string; readonly secret: string }
  | { readonly what: 'ready' }
  /** Of one transfer: how long, and the memory that it took above what was resident before, bytes. */
  | { readonly what: 'sent'; readonly ms: number; readonly memory: number; readonly lag: number }
  | { readonly what: 'memory'; readonly memory: number }
  | { readonly what: 'lag'; readonly lag: number };

/** What the benchmark asks for. */
export type EndOrder =
  | { readonly order: 'send'; readonly name: string }
  | { readonly order: 'watch' | 'memory' | 'lag' };

const FILES = pathToFileURL(`${join(root, 'plugins/file-transfer')}/`);
/** As what is typed goes: small messages, first of all. */
const ECHO: ServedPath = { path: '/bench/echo/1', capability: 'control', priority: 'input' };
const SAMPLES = 100;
const SAMPLE_EVERY = 10;

process.once('message', (task) => void run(task as EndTask));
process.once('disconnect', () => process.exit());

async function run(task: EndTask): Promise<void> {
  const role = task.side === 'operator' ? 'courier' : 'depot';
  const host = await createHostContainer({ clock: systemClock, plugins: [{ folder: FILES, role }] });
  const hello = [...host.hello(), { id: 'bench', version: '1.0.0', services: [ECHO.path] }];
  const channel = await connect(task, hello);
  for (const capability of ['send-files', 'take-files', 'control'] as const) {
    if (task.side === 'customer') channel.ownGrants.grant(capability);
  }
  const session = await host.openSession(channel);
  const echo = channel.pluginChannel({
    serves: task.side === 'customer' ? [ECHO] : [],
    opens: task.side === 'operator' ? [ECHO] : [],
  });
  if (task.side === 'customer') echo.accept(ECHO.path, (stream) => void sendBack(stream));
  const port = portPair(`plugin:livelet.file-transfer:${role}`);
  session.connectPort(port.host);
  const memory = new ResidentMemory();
  const line = task.side === 'operator' ? new EchoLine(await echo.open(ECHO.path)) : undefined;
  let over: (() => void) | undefined;
  port.page.onMessage(({ json }) => {
    const { transfers = [] } = json as {
      transfers?: { state: string; error?: string; failedCount: number }[];
    };
    const last = transfers.at(-1);
    if (last?.state === 'broken' || (last?.failedCount ?? 0) > 0) throw new Error(JSON.stringify(last));
    if (last?.state === 'done') over?.();
  });
  process.on('message', async (message) => {
    const { order, name } = message as { order: EndOrder['order']; name: string };
    if (order === 'watch') memory.start();
    else if (order === 'memory') say({ what: 'memory', memory: memory.stop() });
    else if (order === 'lag') say({ what: 'lag', lag: (await line?.lag()) ?? 0 });
    else {
      memory.start();
      const startedAt = performance.now();
      const done = new Promise<void>((resolve) => {
        over = resolve;
      });
      const lag = line?.lag();
      port.page.post({ json: { type: 'send-own', paths: [[name]] } });
      await done;
      const ms = performance.now() - startedAt;
      say({ what: 'sent', ms, memory: memory.stop(), lag: (await lag) ?? 0 });
    }
  });
  say({ what: 'ready' });
}

async function connect(
  task: EndTask,
  hello: { id: string; version: string; services: SessionChannel['peerPlugins'][number]['services'] }[],
): Promise<SessionChannel> {
  const { deployment, side } = task;
  const common = {
    deploymentId: deployment.deploymentId,
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
    name: side,
    hello,
  };
  if (task.side === 'customer') {
    const transport = await joinNameplate({ deployment, nameplate: task.code.nameplate });
    const identity = createIdentity(systemRandom);
    return await connectSession({ ...common, transport, side, identity, code: task.code });
  }
  const identity = identityFromSeed(Buffer.from(task.seed, 'base64'));
  const { nameplate, joined } = await relayApi({ deployment, identity }).authorized((authorization) =>
    allocateNameplate({ deployment, authorization }),
  );
  const code = { nameplate, secret: createSecret(systemRandom, 6) };
  say({ what: 'code', ...code });
  return await connectSession({ ...common, transport: await joined, side, identity, code });
}

async function sendBack(stream: ByteStream): Promise<void> {
  for await (const bytes of stream) await stream.write(bytes);
}

/** Small messages there and back, one at a time. */
class EchoLine {
  readonly #stream: ByteStream;
  readonly #answers: AsyncIterator<Uint8Array>;

  constructor(stream: ByteStream) {
    this.#stream = stream;
    this.#answers = stream[Symbol.asyncIterator]();
  }

  /** Median of there and back, ms. */
  async lag(): Promise<number> {
    const times: number[] = [];
    for (let n = 0; n < SAMPLES; n += 1) {
      const startedAt = performance.now();
      await this.#stream.write(new Uint8Array(16));
      await this.#answers.next();
      times.push(performance.now() - startedAt);
      await pause(SAMPLE_EVERY);
    }
    return median(times);
  }
}

/** The most that was resident above what was at the start, bytes. */
class ResidentMemory {
  #before = 0;
  #most = 0;
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    globalThis.gc?.();
    this.#before = process.memoryUsage.rss();
    this.#most = this.#before;
    this.#timer = setInterval(() => {
      this.#most = Math.max(this.#most, process.memoryUsage.rss());
    }, 20);
  }

  stop(): number {
    clearInterval(this.#timer);
    return Math.max(this.#most, process.memoryUsage.rss()) - this.#before;
  }
}

function say(report: EndReport): void {
  process.send?.(report);
}
