import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type Deployment, systemClock } from '@livelet/core/wire';
import { openAccess } from './access/access.js';
import { keptRoutes } from './archive/kept-routes.js';
import { SealedStore } from './archive/sealed-store.js';
import type { RelayCertificate } from './certificate/certificate.js';
import { certificateFiles, pinsOf } from './certificate/certificate-choice.js';
import { CertificateKeeper } from './certificate/certificate-keeper.js';
import { ConnectionLog } from './connection-log/connection-log.js';
import { connectionLogRoutes } from './connection-log/connection-log-routes.js';
import { Retention } from './connection-log/retention.js';
import { outdatedFacts, settleDeploymentId, updateDeploymentFile } from './deployment-file.js';
import { openDesk } from './desk/open-desk.js';
import { AddressList } from './entrance/address-list.js';
import { Door } from './entrance/door.js';
import { Entrance } from './entrance/entrance.js';
import { listen } from './entrance/listen.js';
import { TrustedProxies } from './entrance/source.js';
import { SourceLimits } from './limits/source-limits.js';
import { fanOut } from './log.js';
import { watchRelay } from './observe/watch-relay.js';
import { checkPlaintext, LOOPBACK, publicHost, type RelayOptions } from './relay-options.js';
import type { Guest } from './rendezvous/guest.js';
import { MemoryDirectory } from './rendezvous/memory-directory.js';
import { Reception } from './rendezvous/reception.js';
import { DEFAULT_SETTINGS } from './settings.js';
import { openStore } from './store/open-store.js';
import { RELAY_VERSION } from './version.js';

/** How long a stopping relay waits for goodbyes, ms. */
const GOODBYE_LIMIT = 1000;

/** What goes on. */
export interface RelayHealth {
  readonly status: 'ok';
  /** Joined pairs. */
  readonly sessions: number;
  /** Codes that wait for a customer. */
  readonly codes: number;
  /** Ends that wait for their other end after a drop. */
  readonly resumes: number;
}

/** A relay that listens. */
export interface RunningRelay extends AsyncDisposable {
  /** By which hosts reach it. */
  readonly url: string;
  readonly port: number;
  readonly deployment: Deployment;
  readonly deploymentFile: string;
  /** Holds a one-time enrolment token while nobody is an administrator. */
  readonly firstAdminFile: string;
  health(): RelayHealth;
  /** Looks for a new certificate in its files, which happens by itself too. */
  reloadCertificate(): Promise<void>;
  /** Takes nobody new and gives sessions time to end; resolves when none is left or the time is up. */
  drain(): Promise<void>;
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
  const { stateDir } = options;
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  const name = publicHost(options);
  checkPlaintext(options);
  await using parts = new AsyncDisposableStack();
  const deploymentFile = join(stateDir, 'deployment.json');
  const deploymentId = await settleDeploymentId(deploymentFile, options.deploymentId);
  const files = await certificateFiles(options, name);
  const keeper =
    files &&
    parts.use(await CertificateKeeper.open(files, { clock, log: operations, renew: (next) => renew(next) }));
  const store = parts.use(await openStore({ stateDir, url: options.databaseUrl, alone: true }));
  const connections = parts.use(new ConnectionLog({ store, clock, operations }));
  const retention = parts.use(new Retention({ store, clock, operations }));
  void retention.start();
  let draining = false;
  const watch = parts.use(
    watchRelay({
      clock,
      settings,
      store,
      figures: () => ({
        sessions: reception.sessions,
        codes: reception.codes,
        resumes: reception.resumes,
        sockets: door.size,
        memoryShare: usedMemory(),
        logWaiting: connections.waiting,
        logLost: connections.lost,
        certificateEndsAt: keeper?.current.endsAt,
        draining,
      }),
    }),
  );
  const log = fanOut(operations, connections, watch.metrics);
  const onFailure = (error: unknown): void => log.write({ event: 'failed', problem: String(error) });
  const access = parts.use(await openAccess({ store, stateDir, deploymentId, clock, onFailure }));
  const { gate, history, changes, audit, firstAdminFile } = access;
  const chats = new SealedStore(store.db, clock, 'chat');
  const reports = new SealedStore(store.db, clock, 'report');
  const routes = [
    ...connectionLogRoutes({ store, changes, audit }),
    ...keptRoutes({ chats, reports, access, deploymentId, clock, settings }),
  ];
  const desk = await openDesk({
    ...watch,
    clock,
    settings,
    access,
    proxies,
    metricsFrom: new AddressList('metrics-from', options.metricsFrom ?? LOOPBACK),
    adminFrom: new AddressList('admin-from', options.adminFrom ?? LOOPBACK),
    routes,
    facts: () => ({ relayUrl: url, region: reception.region, engine: store.engine, version: RELAY_VERSION }),
    kept: async () => ({ reports: (await reports.usage()).items, chats: (await chats.usage()).items }),
    onFailure,
  });
  const limits = new SourceLimits(clock, settings);
  const directory = new MemoryDirectory<Guest>(clock, settings);
  const reception = new Reception({ clock, settings, limits, gate, history, directory, log, usedMemory });
  const door = new Door({ clock, settings, log });
  const entrance = new Entrance({
    clock,
    settings,
    limits,
    proxies,
    door,
    identity: keeper?.current,
    enter: (end, visit) => reception.enter(end, visit),
    request: (request, response, guest) => void desk.handle(request, response, guest),
  });
  const health = (): RelayHealth => ({
    status: 'ok',
    sessions: reception.sessions,
    codes: reception.codes,
    resumes: reception.resumes,
  });
  const port = await listen(entrance.server, options);
  const url = options.publicUrl ?? `wss://${name.includes(':') ? `[${name}]` : name}:${port}`;
  const describe = async (certificate: RelayCertificate | undefined): Promise<Deployment> => {
    const { region } = options;
    const facts = { relayUrl: url, pins: pinsOf(certificate, options.pinning), deploymentId, region };
    const deployment = await updateDeploymentFile(deploymentFile, facts);
    for (const problem of outdatedFacts(deployment, facts))
      log.write({ event: 'deployment-outdated', problem });
    return deployment;
  };
  const renew = async (certificate: RelayCertificate): Promise<void> => {
    entrance.renew(certificate);
    await describe(certificate);
  };
  const held = parts.move();
  const stop = async (): Promise<void> => {
    const closed = entrance.close();
    reception[Symbol.dispose]();
    using _limit = systemClock.setTimer(GOODBYE_LIMIT, () => door.clear());
    await closed;
    await held.disposeAsync();
    log.write({ event: 'stopped' });
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  const drain = async (): Promise<void> => {
    draining = true;
    log.write({ event: 'draining' });
    const { promise: late, resolve } = Promise.withResolvers<void>();
    using _limit = clock.setTimer(settings.drainMs, resolve);
    await Promise.race([reception.drain(), late]);
  };
  try {
    const deployment = await describe(keeper?.current);
    reception.region = deployment.region;
    log.write({ event: 'started' });
    const relay = { url, port, deployment, deploymentFile, firstAdminFile, health, drain, close };
    const reloadCertificate = async (): Promise<void> => keeper?.reload();
    return { ...relay, reloadCertificate, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function usedShare(): number {
  const limit = process.constrainedMemory() || totalmem();
  return process.memoryUsage.rss() / Math.min(limit, totalmem());
}
