import { customerHandshake, type HandshakeOptions, operatorHandshake, systemRandom } from '@livelet/core';
import type { Figure } from './figure.js';
import { median, percentile } from './statistics.js';

const RUNS = 200;
const WARM_UP = 20;
/** ms */
const AIM = 25;

/** Key agreement of both sides in one process: what a session costs before its first record. */
export function measureHandshake(): Figure {
  const options: HandshakeOptions = {
    nameplate: '48291',
    secret: '705618',
    deploymentId: 'bench',
    random: systemRandom,
  };
  const times: number[] = [];
  for (let run = 0; run < RUNS + WARM_UP; run += 1) {
    const started = performance.now();
    const operator = operatorHandshake(options);
    const customer = customerHandshake(options);
    const { m3 } = operator.receiveM2(customer.receiveM1(operator.receiveM0(customer.start())));
    customer.receiveM3(m3);
    if (run >= WARM_UP) times.push(performance.now() - started);
  }
  const [p50, p95] = [median(times), percentile(times, 0.95)];
  return {
    what: 'handshake, both sides',
    measured: `${p50.toFixed(1)} ms (p95 ${p95.toFixed(1)})`,
    aim: `<= ${AIM} ms`,
    reached: p50 <= AIM,
  };
}
