import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentity, type Identity, REQUEST_SCHEME, signRequest, systemRandom } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import type { ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { openAccess } from '../../src/access/access.js';
import { API_ROOT, type Role } from '../../src/api/route.js';
import { connectionLogRoutes } from '../../src/connection-log/connection-log-routes.js';
import { openDesk } from '../../src/desk/open-desk.js';
import { AddressList } from '../../src/entrance/address-list.js';
import { sourceKey, TrustedProxies } from '../../src/entrance/source.js';
import { type RelayFigures, RelayMetrics } from '../../src/observe/metrics.js';
import { Readiness } from '../../src/observe/readiness.js';
import { DEFAULT_SETTINGS } from '../../src/settings.js';
import { openStore, type Store } from '../../src/store/open-store.js';

const DEPLOYMENT = 'house';

export const QUIET: RelayFigures = {
  sessions: 2,
  codes: 1,
  resumes: 0,
  sockets: 5,
  memoryShare: 0.25,
  logWaiting: 0,
  logLost: 0,
  certificateEndsAt: Date.UTC(2027, 0, 1),
  draining: false,
};

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Desk {
  readonly origin: string;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly metrics: RelayMetrics;
  readonly admin: Identity & { readonly id: string };
  /** What the relay counts of itself; a test may replace it. */
  figures: RelayFigures;
  /** From where requests seem to come; undefined: from where they come. */
  address: string | undefined;
  readonly failures: unknown[];
  /** A bare request. */
  ask(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Reply>;
  /** A signed request, its answer parsed. @throws for any status but 2xx */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  call(identity: Identity, method: string, path: string, body?: unknown): Promise<any>;
  enrol(name: string, role: Role): Promise<Identity & { readonly id: string }>;
  /** The secret of a fresh console link of the admin. */
  link(): Promise<string>;
}

/** The relay's HTTP desk over real TLS, with a real store and one administrator. */
export async function startDesk(
  t: ExecutionContext,
  { trustedProxies = [] as readonly string[], clock = new ManualClock(Date.UTC(2026, 0, 31, 9)) } = {},
): Promise<Desk> {
  const stateDir = await mkdtemp(join(tmpdir(), 'livelet-console-test-'));
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const store = await openStore({ stateDir });
  const access = await openAccess({ store, stateDir, deploymentId: DEPLOYMENT, clock, onFailure });
  const desk = { figures: QUIET, address: undefined as string | undefined };
  const figures = (): RelayFigures => desk.figures;
  const metrics = new RelayMetrics(figures, () => clock.wallTime());
  const readiness = new Readiness({
    clock,
    askStore: () => store.db.selectFrom('operators').select('id').limit(1).execute(),
    figures,
    mostMemory: 0.8,
  });
  const http = await openDesk({
    settings: DEFAULT_SETTINGS,
    clock,
    access,
    metrics,
    readiness,
    figures,
    proxies: new TrustedProxies(trustedProxies),
    metricsFrom: new AddressList('metrics-from', ['127.0.0.0/8', '::1']),
    adminFrom: new AddressList('admin-from', ['127.0.0.0/8', '::1']),
    routes: connectionLogRoutes({ store, changes: access.changes, audit: access.audit }),
    facts: () => {
      return { relayUrl: 'wss://relay.example:7443', region: 'EU', engine: store.engine, version: '0.1.0' };
    },
    kept: async () => ({ reports: 3, chats: 12 }),
    onFailure,
  });
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = createServer({ key, cert }, (request, response) => {
    const address = desk.address ?? request.socket.remoteAddress ?? '';
    void http.handle(request, response, { address, source: sourceKey(address), onProgress: () => {} });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `https://localhost:${port}`;
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await access[Symbol.asyncDispose]();
    metrics[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
    await rm(stateDir, { recursive: true, force: true });
  });

  const ask: Desk['ask'] = async (method, path, headers = {}, body = '') => {
    const request = httpsRequest(new URL(path, origin), { method, headers, ca: cert, agent: false });
    request.end(body);
    const [response] = await once(request, 'response', { signal: AbortSignal.timeout(20_000) });
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode, headers: response.headers, text };
  };
  const call: Desk['call'] = async (identity, method, path, json) => {
    const full = `${API_ROOT}${path}`;
    const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
    const target = { deploymentId: DEPLOYMENT, method, path: full, body };
    const token = signRequest(identity, target, clock.wallTime(), systemRandom);
    const reply = await ask(method, full, { authorization: `${REQUEST_SCHEME} ${token}` }, body?.toString());
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.text === '' ? undefined : JSON.parse(reply.text);
  };
  const enrolWith = async (token: string, name: string): Promise<Identity & { readonly id: string }> => {
    const identity = createIdentity(systemRandom);
    const { operator } = await call(identity, 'POST', '/enrol', { token, name });
    return { ...identity, id: operator };
  };
  const token = (await readFile(join(stateDir, 'first-admin.token'), 'utf8')).trim();
  const admin = await enrolWith(token, 'Anna Neri');
  const enrol: Desk['enrol'] = async (name, role) => {
    const invited = await call(admin, 'POST', '/invitations', { name, role });
    return enrolWith(invited.token, name);
  };
  const link: Desk['link'] = async () => (await call(admin, 'POST', '/console-link')).token;
  return Object.assign(desk, { origin, clock, store, metrics, admin, failures, ask, call, enrol, link });
}

/** Signs in as the page does: the headers that its requests carry then. */
export async function signedIn(desk: Desk, token?: string): Promise<Record<string, string>> {
  const { origin } = desk;
  const reply = await desk.ask('POST', '/admin/sign-in', { origin }, token ?? (await desk.link()));
  if (reply.status !== 200) throw new Error(`sign-in: ${reply.status}`);
  const { key } = JSON.parse(reply.text);
  const cookie = String(reply.headers['set-cookie']).split(';', 1)[0] ?? '';
  return { origin, cookie, authorization: `Console ${key}` };
}
