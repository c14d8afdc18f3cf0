import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { FrameKind, RELAY_ALPN, RELAY_TLS, tcpFrame } from '@livelet/core/wire';
import test from 'ava';
import { testRelay } from '../relay-fixture.js';
import { gone, sourceOf } from './visitor.js';

const NONSENSE = tcpFrame(FrameKind.message, Buffer.from('{}'));

// Behind an address translator one port serves the next customer while the relay still closes the last one's socket.
test('who comes from a port that was just reset is answered like anyone else', async (t) => {
  const relay = await testRelay(t);
  let localPort: number | undefined;
  for (let visit = 0; visit < 50; visit += 1) {
    const from = { localAddress: sourceOf(1), ...(localPort === undefined ? {} : { localPort }) };
    const below = connectTcp({ host: '127.0.0.1', port: relay.port, ...from }).on('error', () => {});
    await once(below, 'connect');
    localPort = below.localPort;
    const tls = { ...RELAY_TLS, rejectUnauthorized: false, ALPNProtocols: [RELAY_ALPN] };
    const socket = connectTls({ socket: below, ...tls }).on('error', () => {});
    socket.write(NONSENSE);
    const answer = await Promise.race([
      new Promise<Buffer>((resolve) => socket.once('data', resolve)),
      gone(socket).then(() => 'cut'),
    ]);
    t.true(Buffer.isBuffer(answer) && answer.readUInt8(0) === FrameKind.close, `visit ${visit}: ${answer}`);
    // A socket whose end is under way can't be reset: Node would keep it for ever.
    if (below.writableEnded) below.destroy();
    else if (!below.destroyed) below.resetAndDestroy();
    await gone(below);
  }
});
