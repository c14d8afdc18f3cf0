import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { gone, tls } from './abuse/visitor.js';
import { testRelay } from './relay-fixture.js';

/** What a browser sends besides, and anyone can. */
const BROWSER = 'Sec-Fetch-Site: same-origin\r\nAuthorization: Console AAAA\r\n';

/** All that is answered until the relay closes. */
async function answers(port: number, bytes: string): Promise<string> {
  const socket = await tls(port, 'http/1.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
  });
  socket.write(bytes);
  await gone(socket);
  return heard;
}

for (const path of ['/livelet/1/api/time', '/livelet/1/api/me', '/healthz']) {
  test(`a stranger's connection to ${path} is closed with its first answer, whatever it says of itself`, async (t) => {
    // Time stands still: no deadline closes it.
    const relay = await testRelay(t, { clock: new ManualClock() });
    const request = `GET ${path} HTTP/1.1\r\nHost: relay.example\r\n${BROWSER}\r\n`;
    t.regex(await answers(relay.port, request), /\r\nconnection: close\r\n/i);
  });
}

test('requests that come before the answer to the one before are cut, and a WebSocket among them too', async (t) => {
  const seen: string[] = [];
  const log = {
    write: ({ event, reason = '' }: { readonly event: string; readonly reason?: string }): void => {
      if (event === 'dropped') seen.push(reason);
    },
  };
  const relay = await testRelay(t, { clock: new ManualClock(), log });
  const ask = 'GET /readyz HTTP/1.1\r\nHost: relay.example\r\n\r\n';
  t.is(await answers(relay.port, ask.repeat(100)), '');
  t.deepEqual(seen, ['malformedRequest']);
  const upgrade =
    'GET /livelet/1 HTTP/1.1\r\nHost: relay.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  t.is(await answers(relay.port, ask + upgrade), '');
});
