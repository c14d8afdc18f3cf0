import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Clock, LiveletError } from '@livelet/core/wire';
import type { CallerScheme } from '../api/api-router.js';
import type { Caller, Route } from '../api/route.js';
import type { AddressList } from '../entrance/address-list.js';
import { type Answer, jsonAnswer, type Question } from '../observe/answer.js';
import { CONSOLE_HEADERS } from './console-files.js';
import { ConsoleLinks } from './console-links.js';
import { ConsoleSessions, SESSION_LIMIT } from './console-sessions.js';

/** `__Host-`: only this host itself can have set it, and only over TLS. */
const COOKIE = '__Host-livelet-console';
/** Of the Authorization header with which the page calls the API. */
export const CONSOLE_SCHEME = 'Console';
const SIGN_IN_BODY = 256;

/** A request to the console. */
export interface ConsoleRequest extends Question {
  readonly headers: IncomingHttpHeaders;
  /** @throws `message-too-large`, `deadline-exceeded` */
  readBody(most: number): Promise<Buffer>;
}

export interface ConsoleParts {
  readonly clock: Clock;
  /** Who is let in; for everyone else the console doesn't exist. */
  readonly adminFrom: AddressList;
  /** By path. */
  readonly files: ReadonlyMap<string, Answer>;
  /** Address of who asks; undefined when a proxy that isn't trusted stands between. */
  addressOf(request: IncomingMessage): string | undefined;
  /** The admin of this id; undefined when they are none, or none any more. */
  admin(operator: string): Caller | undefined;
  /** For the audit log. */
  signedIn(caller: Caller): Promise<void>;
}

/**
 * The web console: its page, its sign-in by a one-time link, and a browser's session as a way to call the API. A
 * session has two secrets, because a browser sends a cookie to every port of a host, and what a page holds can be read
 * by the page: the cookie and the page's key are needed together, and the page's own Origin with every change.
 */
export class AdminConsole {
  readonly #parts: ConsoleParts;
  readonly #links: ConsoleLinks;
  readonly #sessions: ConsoleSessions;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
    this.#links = new ConsoleLinks(parts.clock);
    this.#sessions = new ConsoleSessions(parts.clock);
  }

  /** `POST /console-link`: the secret that stands behind `/admin/#`. */
  readonly route: Route = {
    method: 'POST',
    path: '/console-link',
    who: 'admin',
    maxBody: 0,
    handle: async ({ caller, authorization = '' }) => {
      // Else a browser's session could make itself a successor for ever.
      if (authorization.startsWith(`${CONSOLE_SCHEME} `)) throw new LiveletError('admin-required');
      return { status: 201, json: this.#links.issue((caller as Caller).operator) };
    },
  };

  /** For the API: `Authorization: Console <the page's key>`, with the session's cookie. */
  readonly scheme: CallerScheme = (key, request) => {
    const { headers, method = '' } = request;
    const isHere = this.#isFromHere(this.#parts.addressOf(request));
    const isOwn = headers.origin === undefined ? method === 'GET' : isOwnOrigin(headers);
    const operator = isHere && isOwn ? this.#sessions.find({ cookie: cookieOf(headers), key }) : undefined;
    const caller = operator === undefined ? undefined : this.#parts.admin(operator);
    if (caller !== undefined) return caller;
    if (operator !== undefined) this.revoke(operator);
    throw new LiveletError('relay-token-refused');
  };

  /** Signs this admin out everywhere, and makes their links void. */
  revoke(operator: string): void {
    this.#links.revoke(operator);
    this.#sessions.revoke(operator);
  }

  /** Undefined: no matter of the console, or not for this source. */
  async answer(request: ConsoleRequest): Promise<Answer | undefined> {
    const { method, path, source, headers } = request;
    if (!path.startsWith('/admin/') || !this.#isFromHere(source)) return undefined;
    if (method === 'GET') return this.#parts.files.get(path);
    if (method !== 'POST') return undefined;
    if (path !== '/admin/sign-in' && path !== '/admin/sign-out') return undefined;
    if (!isOwnOrigin(headers)) return refusal(403);
    return path === '/admin/sign-in' ? this.#signIn(request) : this.#signOut(headers);
  }

  #isFromHere(source: string | undefined): boolean {
    return source !== undefined && this.#parts.adminFrom.has(source);
  }

  async #signIn(request: ConsoleRequest): Promise<Answer> {
    const token = (await request.readBody(SIGN_IN_BODY)).toString();
    const operator = this.#links.redeem(token);
    const caller = operator === undefined ? undefined : this.#parts.admin(operator);
    if (caller === undefined) return refusal(401);
    await this.#parts.signedIn(caller);
    const { cookie, key } = this.#sessions.open(caller.operator);
    return withHeaders(jsonAnswer(200, { key }), setCookie(cookie, SESSION_LIMIT / 1000));
  }

  #signOut(headers: IncomingHttpHeaders): Answer {
    const [scheme, key = ''] = headers.authorization?.split(' ', 2) ?? [];
    const cookie = cookieOf(headers);
    if (scheme !== CONSOLE_SCHEME || this.#sessions.find({ cookie, key }) === undefined) return refusal(401);
    this.#sessions.close(cookie);
    return withHeaders({ status: 204 }, setCookie('', 0));
  }
}

/** Browsers name the page's origin with everything but a GET. */
function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  return host !== undefined && origin === `https://${host}`;
}

function cookieOf({ cookie = '' }: IncomingHttpHeaders): string {
  const entry = cookie.split('; ').find((part) => part.startsWith(`${COOKIE}=`));
  return entry?.slice(COOKIE.length + 1) ?? '';
}

function setCookie(value: string, maxAge: number): Readonly<Record<string, string>> {
  return { 'set-cookie': `${COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${maxAge}` };
}

function refusal(status: number): Answer {
  return withHeaders(jsonAnswer(status, { error: 'relay-token-refused' }));
}

function withHeaders(answer: Answer, more: Readonly<Record<string, string>> = {}): Answer {
  return { ...answer, headers: { ...CONSOLE_HEADERS, ...answer.headers, ...more } };
}
