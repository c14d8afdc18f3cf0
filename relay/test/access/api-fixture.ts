import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createIdentity,
  type Identity,
  identityFromSeed,
  REQUEST_SCHEME,
  signRequest,
  systemRandom,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import type { ExecutionContext } from 'ava';
import { type Access, openAccess } from '../../src/access/access.js';
import { type Verifier, verifySignature } from '../../src/access/verify-signature.js';
import { ApiRouter } from '../../src/api/api-router.js';
import { API_ROOT, type Role, type Route } from '../../src/api/route.js';
import { DEFAULT_SETTINGS } from '../../src/settings.js';
import type { Store, StorePlace } from '../../src/store/open-store.js';

export const DEPLOYMENT = 'house';

/** What the API answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly json: any;
}

export interface AskOptions {
  readonly body?: unknown;
  /** How far the caller's clock is from the relay's, ms. */
  readonly skew?: number;
  /** Sent as it is, in place of a signed token. */
  readonly authorization?: string;
  readonly deploymentId?: string;
  readonly source?: string;
}

export interface Api {
  readonly access: Access;
  readonly clock: ManualClock;
  /** Signatures that were looked at. */
  readonly verified: { count: number };
  readonly failures: unknown[];
  readonly port: number;
  ask(identity: Identity, method: string, path: string, options?: AskOptions): Promise<Answer>;
  /** Invited by the first administrator, and enrolled. */
  enrol(name: string, role: Role): Promise<Identity & { readonly id: string }>;
  readonly admin: Identity & { readonly id: string };
}

/** The relay's routes to who may do what, over HTTP on loopback, with one administrator. */
export async function startApi(
  t: ExecutionContext,
  store: Store,
  { stateDir }: StorePlace,
  routes: readonly Route[] = [],
): Promise<Api> {
  const clock = new ManualClock();
  const verified = { count: 0 };
  const verifier: Verifier = (...signed) => {
    verified.count += 1;
    return verifySignature(...signed);
  };
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const access = await openAccess({ store, stateDir, deploymentId: DEPLOYMENT, clock, onFailure, verifier });
  const all = [...access.routes, ...routes];
  const router = new ApiRouter({
    judge: access.judge,
    clock,
    settings: DEFAULT_SETTINGS,
    routes: all,
    onFailure,
  });
  const server = createServer((request, response) => {
    void router.handle(request, response, String(request.headers['x-test-source'] ?? '192.0.2.1'), () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await access[Symbol.asyncDispose]();
  });
  const { port } = server.address() as AddressInfo;

  const ask: Api['ask'] = async (identity, method, path, options = {}) => {
    const full = `${API_ROOT}${path}`;
    const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
    const target = { deploymentId: options.deploymentId ?? DEPLOYMENT, method, path: full, body };
    const token = signRequest(identity, target, clock.wallTime() + (options.skew ?? 0), systemRandom);
    const response = await fetch(`http://127.0.0.1:${port}${full}`, {
      method,
      headers: {
        authorization: options.authorization ?? `${REQUEST_SCHEME} ${token}`,
        'x-test-source': options.source ?? '192.0.2.1',
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
  };

  const enrolWith = async (token: string, name: string): Promise<Identity & { readonly id: string }> => {
    const identity = createIdentity(systemRandom);
    const { status, json } = await ask(identity, 'POST', '/enrol', { body: { token, name } });
    t.is(status, 201);
    return { ...identity, id: json.operator };
  };
  const admin = await enrolWith((await readFile(access.firstAdminFile, 'utf8')).trim(), 'Anna');
  const enrol: Api['enrol'] = async (name, role) => {
    const { json } = await ask(admin, 'POST', '/invitations', { body: { name, role } });
    return enrolWith(json.token, name);
  };
  verified.count = 0;
  return { access, clock, verified, failures, port, ask, enrol, admin };
}

/** A key that nobody enrolled. */
export const STRANGER = identityFromSeed(new Uint8Array(32).fill(1));
