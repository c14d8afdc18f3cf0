import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import {
  type ArchiveItem,
  createIdentity,
  createSealKeys,
  type Deployment,
  fingerprint,
  type Identity,
  type KeptChat,
  type RelayApi,
  relayApi,
  type SealKeys,
  SessionArchive,
  type SessionInfo,
  type Side,
  signDeployment,
  systemClock,
  systemRandom,
} from '@livelet/core';
import type { ExecutionContext } from 'ava';
import type { RelayOptions } from '../../src/index.js';
import type { Store } from '../../src/store/open-store.js';
import { OPERATOR, type TestRelay, testRelay } from '../relay-fixture.js';
import { storePlace } from '../store-fixture.js';

export interface ArchiveWorld {
  readonly relay: TestRelay;
  /** The relay's, with the organisation's keys in it. */
  readonly deployment: Deployment;
  readonly organisation: Identity;
  readonly keys: SealKeys;
  /** As the administrator. */
  readonly api: RelayApi;
}

export async function archiveWorld(
  t: ExecutionContext,
  engine: Store['engine'],
  options: Partial<RelayOptions> = {},
): Promise<ArchiveWorld> {
  const { stateDir, url } = await storePlace(t, engine);
  const relay = await testRelay(t, { ...options, stateDir, databaseUrl: url });
  const organisation = createIdentity(systemRandom);
  const keys = createSealKeys(systemRandom);
  const archiveKey = Buffer.from(keys.publicKey).toString('base64');
  const deployment = signDeployment({ ...relay.deployment, archiveKey }, organisation);
  const api = relayApi({ deployment: relay.deployment, identity: OPERATOR });
  return { relay, deployment, organisation, keys, api };
}

export interface ChatEnds {
  readonly operator: { readonly chat: KeptChat; readonly items: ArchiveItem[] };
  readonly customer: { readonly chat: KeptChat; readonly items: ArchiveItem[] };
  /** Something written, as both ends saw it. */
  write(from: Side, text: string): void;
  close(): void;
}

/** Both ends of a chat that is kept, without a session around them. */
export function chatEnds(
  deployment: Deployment,
  operator: Identity = OPERATOR,
  customer: Identity = createIdentity(systemRandom),
): ChatEnds {
  const end = (side: Side, identity: Identity, peer: Identity) => {
    const items: ArchiveItem[] = [];
    const info: SessionInfo = {
      id: randomBytes(16).toString('hex'),
      side,
      peer: {
        name: side === 'operator' ? 'Bianchi srl' : 'Clara Bruni',
        publicKey: peer.publicKey,
        fingerprint: fingerprint(peer.publicKey),
      },
      sasWords: ['a', 'b', 'c', 'd'],
      startedAt: systemClock.wallTime(),
      signal: new AbortController().signal,
    };
    const archive = new SessionArchive({
      deployment,
      identity,
      name: () => (side === 'operator' ? 'Clara Bruni' : 'Bianchi srl'),
      clock: systemClock,
      random: systemRandom,
      outbox: { put: (item) => items.push(item) },
    });
    return { chat: archive.begin(info), items };
  };
  const ends = {
    operator: end('operator', operator, customer),
    customer: end('customer', customer, operator),
  };
  ends.customer.chat.follow(ends.operator.chat.notice);
  let count = 0;
  return {
    ...ends,
    write(from, text) {
      count += 1;
      const message = { id: `${count}`, from, text, at: systemClock.wallTime(), delivered: true };
      ends.operator.chat.add(message);
      ends.customer.chat.add(message);
    },
    close() {
      ends.operator.chat.close();
      ends.customer.chat.close();
    },
  };
}

/** A way to `port` that breaks: each connection after as many bytes, in both directions together, as `cuts` gives. */
export async function breakingWay(
  t: ExecutionContext,
  port: number,
  cuts: () => number,
): Promise<{ readonly port: number; readonly broken: () => number }> {
  let broken = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1');
    let left = cuts();
    const pass = (from: Socket, to: Socket): void => {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes: Buffer) => {
        to.write(bytes.subarray(0, Math.max(left, 0)));
        left -= bytes.length;
        if (left > 0) return;
        broken += 1;
        // What was let through arrives before the end.
        setImmediate(() => {
          near.destroy();
          far.destroy();
        });
      });
    };
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, broken: () => broken };
}
