import test from 'ava';
import { type Desk, signedIn, startDesk } from './console-fixture.js';

const OVERVIEW = '/livelet/1/api/overview';

test('a link works once, and the session it opens has two secrets', async (t) => {
  const desk = await startDesk(t);
  const token = await desk.link();
  t.regex(token, /^[\w-]{43}$/);
  const reply = await desk.ask('POST', '/admin/sign-in', { origin: desk.origin }, token);
  t.is(reply.status, 200);
  const [cookie = ''] = [reply.headers['set-cookie'] ?? []].flat();
  t.regex(
    cookie,
    /^__Host-livelet-console=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=28800$/,
  );
  t.false(cookie.includes(JSON.parse(reply.text).key));
  t.is((await desk.ask('POST', '/admin/sign-in', { origin: desk.origin }, token)).status, 401);
  const { entries } = await desk.call(desk.admin, 'GET', '/audit');
  t.is(entries[0].action, 'console.signed-in');
  t.is(entries[0].actor, desk.admin.id);
});

const FIVE_MINUTES = 5 * 60 * 1000;
for (const [name, wait, status] of [
  ['just before five minutes it still opens', FIVE_MINUTES - 1, 200],
  ['after five minutes it opens nothing', FIVE_MINUTES, 401],
] as const) {
  test(`a link: ${name}`, async (t) => {
    const desk = await startDesk(t);
    const token = await desk.link();
    await desk.clock.advance(wait);
    t.is((await desk.ask('POST', '/admin/sign-in', { origin: desk.origin }, token)).status, status);
  });
}

const attacks: readonly {
  readonly name: string;
  readonly change: (headers: Record<string, string>, desk: Desk) => Record<string, string>;
  readonly method?: string;
}[] = [
  { name: 'without the cookie', change: ({ cookie: _, ...headers }) => headers },
  { name: 'without the page’s key', change: ({ authorization: _, ...headers }) => headers },
  {
    name: 'with another key',
    change: (headers) => ({ ...headers, authorization: `Console ${'A'.repeat(43)}` }),
  },
  {
    name: 'with another cookie',
    change: (headers) => ({ ...headers, cookie: `__Host-livelet-console=${'A'.repeat(43)}` }),
  },
  { name: 'from another site', change: (headers) => ({ ...headers, origin: 'https://evil.example' }) },
  {
    name: 'from another port of this host',
    change: (headers, { origin }) => ({ ...headers, origin: origin.replace(/\d+$/, '1') }),
  },
  { name: 'from a sandboxed page', change: (headers) => ({ ...headers, origin: 'null' }) },
  { name: 'without an Origin, for a change', change: ({ origin: _, ...headers }) => headers, method: 'POST' },
];
for (const { name, change, method = 'GET' } of attacks) {
  test(`refused: a request ${name}`, async (t) => {
    const desk = await startDesk(t);
    const headers = await signedIn(desk);
    const path = method === 'GET' ? OVERVIEW : `/livelet/1/api/operators/${desk.admin.id}/revoke`;
    const reply = await desk.ask(method, path, change(headers, desk));
    t.is(reply.status, 401);
    t.deepEqual(JSON.parse(reply.text), { error: 'relay-token-refused' });
    // The session itself is still good.
    t.is((await desk.ask('GET', OVERVIEW, headers)).status, 200);
  });
}

test('refused: a sign-in from another site, which leaves the link good', async (t) => {
  const desk = await startDesk(t);
  const token = await desk.link();
  t.is((await desk.ask('POST', '/admin/sign-in', { origin: 'https://evil.example' }, token)).status, 403);
  t.is((await desk.ask('POST', '/admin/sign-in', {}, token)).status, 403);
  t.is((await desk.ask('POST', '/admin/sign-in', { origin: desk.origin }, token)).status, 200);
});

test('for another source there is no console, and a stolen session is worth nothing there', async (t) => {
  const desk = await startDesk(t);
  const headers = await signedIn(desk);
  const token = await desk.link();
  desk.address = '203.0.113.7';
  const unknown = await desk.ask('GET', '/no-such-path');
  t.is(unknown.status, 404);
  for (const [method, path] of [
    ['GET', '/admin/'],
    ['GET', '/admin/main.js'],
    ['POST', '/admin/sign-in'],
    ['POST', '/admin/sign-out'],
    ['GET', '/metrics'],
  ] as const) {
    const reply = await desk.ask(method, path, { origin: desk.origin }, method === 'POST' ? token : '');
    t.is(reply.status, 404, path);
    t.deepEqual({ ...reply.headers, date: '' }, { ...unknown.headers, date: '' }, path);
  }
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
  desk.address = undefined;
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 200);
});

for (const [name, trustedProxies, address, headers] of [
  ['by a proxy here that isn’t trusted', [], undefined, { 'x-forwarded-for': '203.0.113.7' }],
  ['by one that names this machine', [], undefined, { forwarded: 'for=127.0.0.1' }],
  ['by a trusted one that doesn’t say for whom', ['127.0.0.1'], undefined, {}],
] as const) {
  test(`what is only for this machine isn’t for requests passed on ${name}`, async (t) => {
    const desk = await startDesk(t, { trustedProxies });
    desk.address = address;
    t.is((await desk.ask('GET', '/admin/', { ...headers })).status, 404);
    t.is((await desk.ask('GET', '/metrics', { ...headers })).status, 404);
    t.is((await desk.ask('GET', '/healthz', { ...headers })).status, 200);
  });
}

const MINUTE = 60 * 1000;
test('a session ends after 15 minutes without a request', async (t) => {
  const desk = await startDesk(t);
  const headers = await signedIn(desk);
  await desk.clock.advance(15 * MINUTE - 1);
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 200);
  await desk.clock.advance(15 * MINUTE);
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
});

test('a session ends after 8 hours, however busy', async (t) => {
  const desk = await startDesk(t);
  const headers = await signedIn(desk);
  for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 10) {
    await desk.clock.advance(10 * MINUTE);
    t.is((await desk.ask('GET', OVERVIEW, headers)).status, 200);
  }
  await desk.clock.advance(10 * MINUTE);
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
});

for (const [name, act] of [
  ['revoked', (id: string) => ['POST', `/operators/${id}/revoke`, undefined]],
  ['made an operator', (id: string) => ['PUT', `/operators/${id}/role`, { role: 'operator' }]],
] as const) {
  test(`an admin who is ${name} is signed out at once, and their link is void`, async (t) => {
    const desk = await startDesk(t);
    const other = await desk.enrol('Bruno', 'admin');
    const first = await desk.call(other, 'POST', '/console-link');
    const headers = await signedIn(desk, first.token);
    const second = await desk.call(other, 'POST', '/console-link');
    t.is((await desk.ask('GET', OVERVIEW, headers)).status, 200);
    const [method, path, body] = act(other.id);
    await desk.call(desk.admin, String(method), String(path), body);
    t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
    const late = await desk.ask('POST', '/admin/sign-in', { origin: desk.origin }, second.token);
    t.is(late.status, 401);
  });
}

test('signed out is signed out', async (t) => {
  const desk = await startDesk(t);
  const headers = await signedIn(desk);
  const reply = await desk.ask('POST', '/admin/sign-out', headers);
  t.is(reply.status, 204);
  t.regex(String(reply.headers['set-cookie']), /Max-Age=0$/);
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
});

test('the sixth session of an admin ends the first', async (t) => {
  const desk = await startDesk(t);
  const sessions: Record<string, string>[] = [];
  for (let count = 0; count < 6; count += 1) sessions.push(await signedIn(desk));
  const statuses: number[] = [];
  for (const headers of sessions) statuses.push((await desk.ask('GET', OVERVIEW, headers)).status);
  t.deepEqual(statuses, [401, 200, 200, 200, 200, 200]);
});

test('a sign-in body that is too long is refused', async (t) => {
  const desk = await startDesk(t);
  const reply = await desk.ask('POST', '/admin/sign-in', { origin: desk.origin }, 'A'.repeat(257));
  t.is(reply.status, 400);
  t.deepEqual(desk.failures, []);
});

test('a session can’t make itself a successor', async (t) => {
  const desk = await startDesk(t);
  const headers = await signedIn(desk);
  const reply = await desk.ask('POST', '/livelet/1/api/console-link', headers);
  t.is(reply.status, 403);
});

test('who is made an administrator again has to sign in again', async (t) => {
  const desk = await startDesk(t);
  const other = await desk.enrol('Bruno', 'admin');
  const headers = await signedIn(desk, (await desk.call(other, 'POST', '/console-link')).token);
  await desk.call(desk.admin, 'PUT', `/operators/${other.id}/role`, { role: 'operator' });
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
  await desk.call(desk.admin, 'PUT', `/operators/${other.id}/role`, { role: 'admin' });
  t.is((await desk.ask('GET', OVERVIEW, headers)).status, 401);
});

test('an operator gets no link', async (t) => {
  const desk = await startDesk(t);
  const operator = await desk.enrol('Carla', 'operator');
  await t.throwsAsync(desk.call(operator, 'POST', '/console-link'), { message: /403/ });
});

test('every answer of the console keeps to a strict policy', async (t) => {
  const desk = await startDesk(t);
  for (const path of ['/admin/', '/admin/main.js', '/admin/icon.svg']) {
    const { status, headers } = await desk.ask('GET', path);
    t.is(status, 200, path);
    t.regex(
      String(headers['content-security-policy']),
      /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    );
    t.is(headers['x-content-type-options'], 'nosniff');
    t.is(headers['cache-control'], 'no-store');
  }
  const { text } = await desk.ask('GET', '/admin/');
  t.regex(text, /<script type="module" src="main.js" integrity="sha256-[\w+/]{43}="><\/script>/);
  t.false(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/.test(text));
  t.is((await desk.ask('GET', '/admin/..%2f..%2fpackage.json')).status, 404);
  t.is((await desk.ask('GET', '/admin/main.js.map')).status, 404);
});
