import type { IncomingMessage, ServerResponse } from 'node:http';
import { asLiveletError, LiveletError, REQUEST_SCHEME } from '@livelet/core/wire';
import type { RequestJudge } from '../access/request-judge.js';
import { tellError } from './api-error.js';
import { connectionHeader } from './kept-connection.js';
import { signatureOf } from './read-call.js';
import { RequestTime, type RequestTimeParts } from './request-time.js';
import { API_ROOT, type ApiAnswer, type ApiCall, type Caller, type Route } from './route.js';

/** Tells who calls by a scheme of the Authorization header other than the signed one. @throws what it refuses with */
export type CallerScheme = (credential: string, request: IncomingMessage) => Caller;

export interface ApiParts extends Omit<RequestTimeParts, 'onProgress'> {
  readonly judge: RequestJudge;
  readonly routes: readonly Route[];
  /** Further schemes, by name. @default none */
  readonly schemes?: Readonly<Record<string, CallerScheme>>;
  /** A mistake of ours, which the caller isn't told. */
  readonly onFailure: (error: unknown) => void;
}

interface KnownRoute extends Route {
  readonly pattern: RegExp;
}

interface Answered {
  readonly answer: ApiAnswer;
  /** Who asks has proven to be signed in with a browser. */
  readonly isBrowser: boolean;
}

/** Answers what is below API_ROOT: only known routes, bodies read after their sender is known, one answer in time. */
export class ApiRouter {
  readonly #parts: ApiParts;
  readonly #routes: readonly KnownRoute[];

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#routes = parts.routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));
  }

  /** Whether a request is for this router: what a request line says, before anything else is known. */
  static serves(url: string | undefined): boolean {
    return url?.startsWith(`${API_ROOT}/`) ?? false;
  }

  /**
   * @param source who pays: an IPv4 address or an IPv6 /64
   * @param onProgress told while a long body comes as it should, and at its end
   */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    source: string,
    onProgress: () => void,
  ): Promise<void> {
    const { clock, settings, onFailure } = this.#parts;
    using time = new RequestTime({ clock, settings, onProgress });
    response.once('close', () => time.end(new LiveletError('cancelled')));
    request.on('error', () => {});
    try {
      const { answer, isBrowser } = await Promise.race([
        this.#answer(request, response, source, time),
        rejection(time.signal),
      ]);
      send(response, answer, isBrowser);
    } catch (error) {
      const { status, code, known } = tellError(error);
      const gone = error instanceof LiveletError && error.code === 'cancelled';
      if (!known && !gone) onFailure(error);
      send(response, { status, json: { error: code, ...factsOf(error) } });
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    source: string,
    time: RequestTime,
  ): Promise<Answered> {
    const { method = '', url = '' } = request;
    const found = this.#find(method, url);
    if (found === undefined) throw new LiveletError('entry-unknown', 'no such route');
    const { route, params, query } = found;
    const { authorization } = request.headers;
    const who = route.who === 'anyone' ? undefined : this.#identify(request, source);
    if (route.who === 'admin' && who?.caller.role !== 'admin') throw new LiveletError('admin-required');
    using entered = route.enter?.(
      { source, ...(authorization === undefined ? {} : { authorization }) },
      (reason) => time.end(reason),
    );
    const came = (bytes: number): void => {
      time.came(bytes);
      entered?.came(bytes);
    };
    const body = await readBody(request, response, route.maxBody, time.signal, came);
    time.complete();
    entered?.complete();
    if (who !== undefined) this.#parts.judge.confirm(who.caller);
    if (who?.bodyHash !== undefined) this.#parts.judge.checkBody(who.bodyHash, body);
    const call: ApiCall = {
      ...(who === undefined ? {} : { caller: who.caller }),
      ...(authorization === undefined ? {} : { authorization }),
      params,
      query,
      body,
      source,
      signal: time.signal,
      method,
      path: url,
    };
    const answer = await route.handle(call);
    return { answer, isBrowser: who !== undefined && who.bodyHash === undefined };
  }

  #find(
    method: string,
    url: string,
  ): { route: Route; params: Readonly<Record<string, string>>; query: URLSearchParams } | undefined {
    const [path = '', query = ''] = url.split('?', 2);
    for (const route of this.#routes) {
      const match = route.method === method ? route.pattern.exec(path) : null;
      if (match !== null) return { route, params: { ...match.groups }, query: new URLSearchParams(query) };
    }
    return undefined;
  }

  #identify(
    request: IncomingMessage,
    source: string,
  ): { readonly caller: Caller; readonly bodyHash?: string } {
    const { judge, schemes = {} } = this.#parts;
    const { method = '', url: path = '' } = request;
    const { authorization } = request.headers;
    const [scheme = '', credential = ''] = authorization?.split(' ', 2) ?? [];
    if (scheme !== REQUEST_SCHEME && Object.hasOwn(schemes, scheme)) {
      const caller = schemes[scheme]?.(credential, request);
      if (caller !== undefined) return { caller };
    }
    return judge.identify({ token: signatureOf(authorization), method, path, source });
  }
}

/** Parameters are ids and names of ours: nothing in them needs to be escaped. */
function patternOf(path: string): RegExp {
  const parts = path
    .split('/')
    .map((part) => (part[0] === ':' ? `(?<${part.slice(1)}>[\\w.-]{1,128})` : part));
  return new RegExp(`^${API_ROOT}${parts.join('/')}$`);
}

/**
 * At most `most` bytes; memory is taken only for what came.
 * @param onCame told how much that is @default nobody
 * @throws `message-too-large`
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  most: number,
  signal: AbortSignal,
  onCame?: (bytes: number) => void,
): Promise<Buffer> {
  const tooLarge = (): LiveletError => new LiveletError('message-too-large');
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge();
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    length += chunk.length;
    if (length > most) throw tooLarge();
    chunks.push(chunk);
    onCame?.(chunk.length);
    signal.throwIfAborted();
  }
  return Buffer.concat(chunks);
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Facts that the caller may act upon: the relay's time, which field was wrong. */
function factsOf(error: unknown): Readonly<Record<string, string | number | boolean>> {
  const { code, data } = asLiveletError(error);
  return code === 'clock-wrong' || code === 'request-invalid' ? data : {};
}

function send(
  response: ServerResponse,
  { status, json, bytes, headers = {} }: ApiAnswer,
  isBrowser = false,
): void {
  if (response.headersSent || response.destroyed) return;
  const body = json === undefined ? bytes : Buffer.from(JSON.stringify(json));
  response.writeHead(status, {
    ...connectionHeader(isBrowser, status),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { 'content-length': body.length }),
    ...headers,
  });
  response.end(body);
}
