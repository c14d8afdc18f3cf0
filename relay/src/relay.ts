import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  type Clock,
  type Deployment,
  LiveletError,
  RELAY_CUSTOMER_PATH,
  RELAY_OPERATOR_PATH,
  RELAY_TLS,
  systemClock,
} from '@livelet/core/wire';
import { WebSocketServer } from 'ws';
import { loadOrCreateCertificate, type RelayCertificate } from './certificate.js';
import { ConnectionLog } from './connection-log/connection-log.js';
import { Retention } from './connection-log/retention.js';
import { outdatedFacts, updateDeploymentFile } from './deployment-file.js';
import { Door } from './entrance/door.js';
import { TrustedProxies } from './entrance/source.js';
import { SourceLimits } from './limits/source-limits.js';
import { fanOut, type RelayLog } from './log.js';
import { OperatorTokens } from './operator-token.js';
import { Reception } from './rendezvous/reception.js';
import { DEFAULT_SETTINGS, type RelaySettings } from './settings.js';
import { openStore } from './store/open-store.js';

/** How long a stopping relay waits for goodbyes, ms. */
const GOODBYE_LIMIT = 1000;
/** How often Node looks for requests whose time is up, ms; its own default of 30 s would make the limits soft. */
const TIMEOUT_CHECK = 500;

/** Where a relay stands and what it allows. */
export interface RelayOptions {
  /** Address to listen on; none: all. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Folder of certificate, tokens and deployment file; made when missing. */
  readonly stateDir: string;
  /** `wss://name:port` by which hosts reach it. @default made of host (else the machine's name) and port */
  readonly publicUrl?: string | undefined;
  readonly region?: string | undefined;
  /** @default what the deployment file says, else a random one */
  readonly deploymentId?: string | undefined;
  /** `postgres://...` of the store; a secret. @default embedded, in `store/` of the state folder */
  readonly databaseUrl?: string | undefined;
  /** Addresses and subnets of proxies whose X-Forwarded-For is believed. @default none */
  readonly trustedProxies?: readonly string[];
  readonly settings?: Partial<RelaySettings>;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Hears of everything; what is kept of connections goes to the store besides. @default none */
  readonly log?: RelayLog;
  /** Share of its memory that the process uses, 0 to 1. @default measured */
  readonly usedMemory?: () => number;
}

/** What `/healthz` answers. */
export interface RelayHealth {
  readonly status: 'ok';
  /** Joined pairs. */
  readonly sessions: number;
  /** Codes that wait for a customer. */
  readonly codes: number;
}

/** A relay that listens. */
export interface RunningRelay extends AsyncDisposable {
  /** By which hosts reach it. */
  readonly url: string;
  readonly port: number;
  readonly deployment: Deployment;
  readonly deploymentFile: string;
  /** One token a line. */
  readonly operatorTokenFile: string;
  health(): RelayHealth;
  /** Says goodbye to everyone and stops; resolves when no socket is left. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a relay.
 * @throws `port-in-use`, `option-invalid`, `identity-unreadable`, `deployment-invalid`, `config-unreadable`,
 * `store-unavailable`, `store-too-new`, `store-in-use`
 */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const { clock = systemClock, log: operations = { write: () => {} }, usedMemory = usedShare } = options;
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  const name = publicHost(options);
  const certificate = await loadOrCreateCertificate(options.stateDir, name);
  const operatorTokenFile = join(options.stateDir, 'operator.token');
  const tokens = await OperatorTokens.load(operatorTokenFile);
  await using parts = new AsyncDisposableStack();
  const store = parts.use(await openStore({ stateDir: options.stateDir, url: options.databaseUrl }));
  const connections = parts.use(new ConnectionLog({ store, clock, operations }));
  const retention = parts.use(new Retention({ store, clock, operations }));
  void retention.start();
  const log = fanOut(operations, connections);
  const limits = new SourceLimits(clock, settings);
  const reception = new Reception({ clock, settings, limits, tokens, log, usedMemory });
  const door = new Door(clock, settings, limits, proxies);
  const health = (): RelayHealth => ({
    status: 'ok',
    sessions: reception.sessions,
    codes: reception.codes,
  });
  const server = serve(certificate, settings, door, reception, health);
  const port = await listen(server, options);
  const url = options.publicUrl ?? `wss://${name.includes(':') ? `[${name}]` : name}:${port}`;
  const deploymentFile = join(options.stateDir, 'deployment.json');
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    reception.close();
    using _limit = systemClock.setTimer(GOODBYE_LIMIT, () => door.clear());
    await closed;
    await held.disposeAsync();
    log.write({ event: 'stopped' });
  };
  const held = parts.move();
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  try {
    const facts = { relayUrl: url, pin: certificate.pin, deploymentId: options.deploymentId };
    const deployment = await updateDeploymentFile(deploymentFile, { ...facts, region: options.region });
    for (const problem of outdatedFacts(deployment, facts)) log.write({ event: 'deployment-outdated', problem });
    log.write({ event: 'started' });
    const relay = { url, port, deployment, deploymentFile, operatorTokenFile, health, close };
    return { ...relay, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function serve(
  certificate: RelayCertificate,
  settings: RelaySettings,
  door: Door,
  reception: Reception,
  health: () => RelayHealth,
): Server {
  const server = createServer(
    {
      key: certificate.key,
      cert: certificate.certificate,
      ...RELAY_TLS,
      honorCipherOrder: true,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: settings.headersMs,
      headersTimeout: settings.headersMs,
      requestTimeout: settings.headersMs,
      maxHeaderSize: settings.headersBytes,
      connectionsCheckingInterval: TIMEOUT_CHECK,
    },
    (request, response) => answer(request, response, health),
  );
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: settings.frameBytes,
    maxFragments: settings.fragments,
  });
  server.on('connection', (socket) => door.enter(socket as Socket));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { url } = request;
    const visit = door.visit(request);
    if (visit === undefined || (url !== RELAY_OPERATOR_PATH && url !== RELAY_CUSTOMER_PATH)) {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (url === RELAY_CUSTOMER_PATH) reception.customer(webSocket, visit);
      else reception.operator(webSocket, visit, request.headers.authorization);
    });
  });
  return server;
}

function answer(request: IncomingMessage, response: ServerResponse, health: () => RelayHealth): void {
  response.setHeader('connection', 'close');
  if (request.method === 'GET' && request.url === '/healthz') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(health()));
  } else {
    response.writeHead(404).end();
  }
}

async function listen(server: Server, { port, host }: RelayOptions): Promise<number> {
  try {
    server.listen({ port, host });
    await once(server, 'listening');
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    if (problem === 'EADDRINUSE') throw new LiveletError('port-in-use', undefined, { cause, data: { port } });
    const option = problem === 'EACCES' ? 'port' : 'host';
    const value = option === 'port' ? port : (host ?? '');
    throw new LiveletError('option-invalid', problem, { cause, data: { option, value, problem } });
  }
  return (server.address() as AddressInfo).port;
}

/** Name or address in the public URL, without brackets. */
function publicHost({ publicUrl, host }: RelayOptions): string {
  if (publicUrl === undefined) return host ?? hostname();
  if (!URL.canParse(publicUrl)) {
    const data = { option: 'public-url', value: publicUrl, allowed: 'wss://name:port' };
    throw new LiveletError('option-invalid', 'not a URL', { data });
  }
  return new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1');
}

function usedShare(): number {
  const limit = process.constrainedMemory() || totalmem();
  return process.memoryUsage.rss() / Math.min(limit, totalmem());
}
