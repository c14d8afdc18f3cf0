import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createSealKeys,
  handInAsCustomer,
  handInAsOperator,
  parseDeployment,
  relayApi,
  sealEnvelope,
  submitReport,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { foundInMemory } from '@livelet/core/test-support';
import test from 'ava';
import { OPERATOR, temporaryFolder } from '../relay-fixture.js';
import { seedOperators } from '../seed-operators.js';
import { chatEnds } from './archive-fixture.js';

const BIN = fileURLToPath(new URL('../../../bin/livelet-relay.js', import.meta.url));
const SIGNAL = new AbortController().signal;

test.serial(
  'a relay that keeps chats and reports has nothing of them in its memory and its output',
  async (t) => {
    const stateDir = await temporaryFolder(t);
    await seedOperators({ stateDir }, { ...OPERATOR, role: 'admin' });
    const words = ['--host', '127.0.0.1', '--port', '0', '--state-dir', stateDir];
    const relay = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    t.teardown(() => relay.kill('SIGKILL'));
    let output = '';
    for (const stream of [relay.stdout, relay.stderr]) stream.on('data', (text) => (output += text));
    while (!output.includes('deployment file')) await once(relay.stdout, 'data');
    const made = parseDeployment(await readFile(join(stateDir, 'deployment.json'), 'utf8'));
    const keys = createSealKeys(systemRandom);
    const deployment = { ...made, archiveKey: Buffer.from(keys.publicKey).toString('base64') };

    const canary = 'canary-0b7d-nothing-of-this';
    const ends = chatEnds(deployment);
    ends.write('operator', canary);
    ends.write('customer', canary);
    ends.close();
    const [ours, theirs] = [ends.operator.items[0], ends.customer.items[0]];
    if (!ours || !theirs) return t.fail('nothing to hand in');
    await handInAsOperator(ours, { clock: systemClock, identity: OPERATOR }, SIGNAL);
    await handInAsCustomer(theirs, { clock: systemClock }, SIGNAL);
    const content = new TextEncoder().encode(canary.repeat(1000));
    const report = sealEnvelope('report', content, keys.publicKey, systemRandom);
    await submitReport(report, { clock: systemClock, deployment }, SIGNAL);
    const api = relayApi({ deployment, identity: OPERATOR });
    await api.call('GET', '/archive');
    for (const path of ['/archive/1', '/archive/2', '/reports/1']) await api.download(path);

    // What it does hold is found, so that finding nothing means something.
    const held = Buffer.from(made.deploymentId);
    const names = ['Clara Bruni', 'Bianchi srl'].map((name) => Buffer.from(name));
    const found = await foundInMemory(relay.pid ?? 0, [Buffer.from(canary), ...names, held]);
    t.deepEqual(found, [held]);
    t.false(output.includes(canary));
  },
);
