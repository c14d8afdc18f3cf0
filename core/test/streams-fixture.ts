import type { ByteStream, Capability, HelloPlugin, ServicePath, StreamPriority } from '../src/index.js';
import { connectedSessions, type PairOptions, type SessionPair } from '../test-support/index.js';

export interface Service {
  readonly path: ServicePath;
  readonly priority: StreamPriority;
  readonly capability: Capability;
}

/** Services of the customer's end, each with its own capability. */
export const INPUT: Service = { path: '/test/input/1', priority: 'input', capability: 'control' };
export const SCREEN: Service = { path: '/test/screen/1', priority: 'screen', capability: 'view' };
export const CHAT: Service = { path: '/test/chat/1', priority: 'chat', capability: 'chat' };
export const FILES: Service = { path: '/test/files/1', priority: 'files', capability: 'send-files' };
export const SERVICES = [INPUT, SCREEN, CHAT, FILES];
const HELLO: readonly HelloPlugin[] = [
  { id: 'test', version: '1.0.0', services: SERVICES.map(({ path }) => path) },
];

interface Streams extends SessionPair {
  /** Opens `service` at the customer's end; both ends of the stream. */
  open(service: Service): Promise<{ readonly near: ByteStream; readonly far: ByteStream }>;
}

/** A session in which the operator's end opens, and the customer's end serves and has granted, all of SERVICES. */
export async function streams(options: PairOptions = {}): Promise<Streams> {
  const pair = await connectedSessions({ ...options, customer: { ...options.customer, hello: HELLO } });
  const arrived = new Map<number, ByteStream>();
  const serving = pair.customer.pluginChannel({ serves: SERVICES, opens: [] });
  for (const { path, capability } of SERVICES) {
    serving.accept(path, (stream) => arrived.set(stream.id, stream));
    pair.customer.ownGrants.grant(capability);
  }
  const opening = pair.operator.pluginChannel({ serves: [], opens: SERVICES });
  const open: Streams['open'] = async ({ path }) => {
    const near = await opening.open(path);
    return { near, far: arrived.get(near.id) as ByteStream };
  };
  return { ...pair, open };
}

/** What arrives until the stream is closed. */
export async function readAll(stream: ByteStream): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads until the stream throws; gives what came before. */
export async function readUntilError(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ bytes: Buffer; error: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
  return { bytes: Buffer.concat(chunks), error: undefined };
}
