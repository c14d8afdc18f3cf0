import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { ManualClock } from '@livelet/core/test-support';
import { createBrowserShell } from '@livelet/window';
import test from 'ava';
import { WebSocket } from 'ws';
import { FrameReader } from '../page/link/frame-reader.js';
import { decodeFrame, encodeFrame, type FrameHeader } from '../page/link/frames.js';
import { DEADLINE, type DemoSite, demoSite, nextMessage, openDemo, withDeadline } from './support.js';

let site: DemoSite;
test.before(async () => {
  site = await demoSite();
});
test.after.always(async () => {
  await site?.[Symbol.asyncDispose]();
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The path as it stands, without the tidying that URL would do. */
async function get(origin: string, path: string, headers = {}, method = 'GET'): Promise<Reply> {
  const { hostname, port } = new URL(origin);
  const asked = request({ hostname, port, path, headers, method, agent: false });
  asked.end();
  const [response] = await once(asked, 'response', { signal: AbortSignal.timeout(DEADLINE) });
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

test('serves the page, its plugins and icons, each with the whole set of headers', async (t) => {
  await using demo = await openDemo(site.page);
  const { origin } = new URL(demo.address);
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/main.js?v=1', 'text/javascript; charset=utf-8'],
    ['/plugins/demo/dist/site/panel.js', 'text/javascript; charset=utf-8'],
    ['/icons/stop.svg', 'image/svg+xml'],
  ] as const) {
    const { status, headers } = await get(origin, path);
    t.is(status, 200, path);
    t.is(headers['content-type'], type);
    t.regex(headers['content-security-policy'] as string, /^default-src 'none'; script-src 'self';/);
    t.false((headers['content-security-policy'] as string).includes('unsafe'));
    t.is(headers['x-content-type-options'], 'nosniff');
    t.is(headers['referrer-policy'], 'no-referrer');
    t.is(headers['cross-origin-opener-policy'], 'same-origin');
    t.is(headers['cross-origin-resource-policy'], 'same-origin');
    t.is(headers['access-control-allow-origin'], undefined);
  }
  t.is((await get(origin, '/', {}, 'HEAD')).body, '');
  t.is((await get(origin, '/', {}, 'POST')).status, 405);
  t.is((await get(origin, '/', {}, 'OPTIONS')).status, 405);
});

test('nothing outside of the folders is served, however the path is written', async (t) => {
  await symlink(site.secret, join(site.page.folder, 'link.js'));
  await writeFile(join(site.page.folder, '.hidden.js'), 'secret');
  await writeFile(join(site.page.folder, 'key.pem'), 'secret');
  await using demo = await openDemo(site.page);
  const { origin } = new URL(demo.address);
  for (const path of [
    '/../secret.js',
    '/./../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/..\\secret.js',
    '/%5c..%5csecret.js',
    '//secret.js',
    '/plugins/demo/../secret.js',
    '/plugins/../../secret.js',
    '/plugins/../secret.js',
    '/plugins/demo/../../secret.js',
    '/plugins/other/dist/site/panel.js',
    '/plugins/demo',
    '/plugins/demo/',
    '/plugins/__proto__/x.js',
    '/icons/../main.js',
    '/icons/constructor.svg',
    `/${site.secret}`,
    '/link.js',
    '/.hidden.js',
    '/key.pem',
    '/main.js/',
    '/main.js%00.css',
    'http://127.0.0.1/main.js',
    `/${'a'.repeat(2000)}.js`,
  ]) {
    const { status, body } = await get(origin, path);
    t.is(status, 404, path);
    t.is(body, '', path);
  }
});

test('a request under another name, or made by another site, is refused', async (t) => {
  await using demo = await openDemo(site.page);
  const { origin, port } = new URL(demo.address);
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    '127.0.0.1:1',
    `localhost:${port}`,
  ]) {
    t.is((await get(origin, '/', { host })).status, 403, host);
  }
  t.is((await get(origin, '/', { 'sec-fetch-site': 'cross-site' })).status, 403);
  t.is((await get(origin, '/', { 'sec-fetch-site': 'same-site' })).status, 403);
  t.is((await get(origin, '/', { 'sec-fetch-site': 'none' })).status, 200);
});

interface Socket extends Disposable {
  /** The HTTP status of a refusal, or `open`. */
  readonly outcome: Promise<number | 'open'>;
  readonly closed: Promise<number>;
  say(header: FrameHeader): void;
  send(data: Uint8Array | string): void;
  next(): Promise<FrameHeader>;
}

function connect(address: string, headers: { host?: string; origin?: string } = {}, path = '/link'): Socket {
  const { host, origin } = new URL(address);
  const socket = new WebSocket(`ws://${host}${path}`, { headers: { origin, ...headers } });
  socket.on('error', () => {});
  const outcome = new Promise<number | 'open'>((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (asked, response) => {
      asked.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => resolve(code));
  });
  return {
    outcome: withDeadline('an answer', outcome),
    closed: closed,
    say: (header) => socket.send(encodeFrame({ header })),
    send: (data) => socket.send(data),
    next: async () => {
      const [data] = await once(socket, 'message', { signal: AbortSignal.timeout(DEADLINE) });
      return decodeFrame(data as Buffer).header;
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

test('a socket with another origin, host or path is refused before it is open', async (t) => {
  await using demo = await openDemo(site.page);
  const { port } = new URL(demo.address);
  for (const origin of [
    'https://evil.example',
    'null',
    `http://localhost:${port}`,
    'http://127.0.0.1:1',
    '',
  ]) {
    using socket = connect(demo.address, { origin });
    t.is(await socket.outcome, 403, origin);
  }
  // DNS rebinding: the name of the attacker's site, which now leads here, in both.
  using rebound = connect(demo.address, {
    host: `evil.example:${port}`,
    origin: `http://evil.example:${port}`,
  });
  t.is(await rebound.outcome, 403);
  using elsewhere = connect(demo.address, {}, '/other');
  t.is(await elsewhere.outcome, 403);
  t.is(demo.problems.length, 7);
});

test('what is not the token closes the socket', async (t) => {
  await using demo = await openDemo(site.page);
  const token = new URL(demo.address).hash.slice(1);
  const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  const wrong: FrameHeader[] = [
    { hello: changed },
    { hello: token.slice(1) },
    { hello: `${token}A` },
    { seen: { shown: true, panel: true } },
    { open: 1, name: 'page' },
  ];
  for (const header of wrong) {
    using socket = connect(demo.address);
    await socket.outcome;
    socket.say(header);
    t.is(await withDeadline('the refusal', socket.closed), 4003);
  }
  using text = connect(demo.address);
  await text.outcome;
  text.send(token);
  t.is(await withDeadline('the refusal', text.closed), 4003);

  using right = connect(demo.address);
  await right.outcome;
  right.say({ hello: token });
  const welcome = await right.next();
  t.true('welcome' in welcome && welcome.welcome.pass !== token);
});

test('sockets that say nothing are closed after 5 s, and only few may wait', async (t) => {
  const clock = new ManualClock();
  await using shell = createBrowserShell({ open: false, clock });
  const { address = '' } = await shell.open(site.page);
  using first = connect(address);
  t.is(await first.outcome, 'open');
  const others = Array.from({ length: 7 }, () => connect(address));
  for (const socket of others) t.is(await socket.outcome, 'open');
  using ninth = connect(address);
  t.is(await ninth.outcome, 503);
  await clock.advance(4_999);
  t.is(clock.pending, 8);
  await clock.advance(1);
  for (const socket of [first, ...others]) t.is(await withDeadline('the end', socket.closed), 1006);
  using later = connect(address);
  t.is(await later.outcome, 'open');
});

test('a page that sends what is not a frame is let go, and the host hears of it', async (t) => {
  const broken: Uint8Array[] = [
    new Uint8Array(0),
    Uint8Array.from([0, 0, 0, 9, 123]),
    Uint8Array.from([255, 255, 255, 255, 123, 125]),
    Uint8Array.from([0, 0, 0, 2, 123, 125]),
    Uint8Array.from([0, 0, 0, 4, 110, 117, 108, 108]),
    Uint8Array.from([0, 0, 0, 2, 0xff, 0xfe]),
    encodeFrame({ header: { open: 0, name: 'page' } }),
    encodeFrame({ header: { hello: 'again' } }),
  ];
  for (const frame of broken) {
    await using demo = await openDemo(site.page);
    using socket = connect(demo.address);
    await socket.outcome;
    socket.say({ hello: new URL(demo.address).hash.slice(1) });
    await socket.next();
    socket.send(frame);
    await withDeadline('the end', socket.closed);
    t.is(demo.problems.length, 1, Buffer.from(frame).toString('hex'));
  }
});

/** Greets, and says what opens the stream. */
async function enter(socket: Socket, address: string): Promise<string> {
  await socket.outcome;
  socket.say({ hello: new URL(address).hash.slice(1) });
  const welcome = await socket.next();
  return 'stream' in welcome ? welcome.stream : '';
}

test('the stream opens once, for the page that was let in, and brings what the host says', async (t) => {
  await using demo = await openDemo(site.page);
  const { address } = demo;
  const { origin } = new URL(address);
  const stream = (secret: string, more = {}) =>
    get(origin, '/stream', { authorization: `Bearer ${secret}`, ...more });
  t.is((await get(origin, '/stream')).status, 403);
  using socket = connect(address);
  const secret = await enter(socket, address);
  t.is((await get(origin, '/stream')).status, 403);
  t.is((await stream('')).status, 403);
  t.is((await stream(`${secret}A`)).status, 403);
  t.is((await stream(secret, { 'sec-fetch-site': 'cross-site' })).status, 403);
  t.is((await stream(secret, { host: 'evil.example' })).status, 403);
  t.is((await get(origin, `/stream?${secret}`)).status, 403);
  t.is((await get(origin, '/stream', { authorization: `Bearer ${secret}` }, 'HEAD')).status, 403);

  socket.say({ open: 1, name: 'page' });
  const port = await demo.ports.next();
  port.post({ json: 'before it was opened' });
  const response = await fetch(`${origin}/stream`, { headers: { authorization: `Bearer ${secret}` } });
  t.is(response.headers.get('cache-control'), 'no-store');
  t.is(response.headers.get('content-encoding'), null);
  t.is(response.headers.get('content-type'), 'application/octet-stream');
  t.is((await stream(secret)).status, 403);
  const heard: unknown[] = [];
  const reader = response.body?.getReader({ mode: 'byob' });
  if (!reader) throw new Error('no body');
  const ended = new FrameReader(reader, (frame) => heard.push(decodeFrame(frame))).run();
  socket.say({ port: 1, json: 'to the host' });
  t.deepEqual(await nextMessage(port), { json: 'to the host' });
  port.post({ json: 'after', bytes: Uint8Array.of(7) });
  port.post({ json: 'last' });
  await demo.window[Symbol.asyncDispose]();
  await withDeadline('the end of the stream', ended);
  t.deepEqual(heard, [
    { header: { port: 1, json: 'before it was opened' } },
    { header: { port: 1, json: 'after' }, bytes: Uint8Array.of(7) },
    { header: { port: 1, json: 'last' } },
  ]);
  await withDeadline('the end of the socket', socket.closed);
  t.is(demo.problems.length, 7);
});

test('the end of the socket ends the stream, and the end of the stream the socket', async (t) => {
  for (const first of ['socket', 'stream'] as const) {
    await using demo = await openDemo(site.page);
    const { address } = demo;
    using socket = connect(address);
    const secret = await enter(socket, address);
    const given = new AbortController();
    const { body } = await fetch(new URL('/stream', address), {
      headers: { authorization: `Bearer ${secret}` },
      signal: given.signal,
    });
    socket.say({ open: 1, name: 'page' });
    const port = await demo.ports.next();
    const closed = new Promise<void>((resolve) => {
      port.onClose(resolve);
    });
    if (first === 'socket') socket[Symbol.dispose]();
    else given.abort();
    await withDeadline('the close of the port', closed);
    await withDeadline('the end of the socket', socket.closed);
    if (first === 'stream') continue;
    const end = await withDeadline('the end of the stream', body?.getReader().read() ?? Promise.reject());
    t.true(end.done);
  }
});

test('a page that never asks for its stream is let go after 5 s; so is one that takes nothing from it', async (t) => {
  const clock = new ManualClock();
  await using shell = createBrowserShell({ open: false, clock });
  const { address = '' } = await shell.open(site.page);
  using socket = connect(address);
  await enter(socket, address);
  await clock.advance(5_000);
  t.is(await withDeadline('the end', socket.closed), 1006);

  await using demo = await openDemo(site.page);
  using deaf = connect(demo.address);
  const secret = await enter(deaf, demo.address);
  deaf.say({ open: 1, name: 'page' });
  const port = await demo.ports.next();
  const asked = request(new URL('/stream', demo.address), {
    headers: { authorization: `Bearer ${secret}` },
    agent: false,
  });
  asked.end();
  await once(asked, 'response', { signal: AbortSignal.timeout(DEADLINE) });
  const bytes = new Uint8Array(8 * 1024 * 1024);
  for (let posts = 0; posts < 10; posts++) port.post({ json: null, bytes });
  t.is(await withDeadline('the end of the deaf page', deaf.closed), 1006);
  asked.destroy();
});
