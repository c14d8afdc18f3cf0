import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, LiveletError } from '@livelet/core/wire';
import { ApiRouter, readBody } from '../api/api-router.js';
import { connectionHeader } from '../api/kept-connection.js';
import type { AdminConsole } from '../console/admin-console.js';
import type { HttpGuest } from '../entrance/http-way.js';
import type { KnownAddresses } from '../entrance/known-addresses.js';
import type { Answer } from '../observe/answer.js';
import type { Observer } from '../observe/observer.js';

/** For a body that a browser sends, ms. */
const BODY_LIMIT = 5000;

export interface HttpDeskParts {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly console: AdminConsole;
  readonly api: ApiRouter;
  readonly addresses: KnownAddresses;
  /** A mistake of ours, which whoever asks isn't told. */
  readonly onFailure: (error: unknown) => void;
}

/** Answers every request that isn't a way into a session. */
export class HttpDesk {
  readonly #parts: HttpDeskParts;

  constructor(parts: HttpDeskParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse, guest: HttpGuest): Promise<void> {
    const { addresses, api, onFailure } = this.#parts;
    addresses.note(request, guest.address);
    if (ApiRouter.serves(request.url)) {
      await api.handle(request, response, guest.source, guest.onProgress);
      return;
    }
    try {
      send(response, (await this.#answer(request, response)) ?? { status: 404 });
    } catch (error) {
      if (!(error instanceof LiveletError)) onFailure(error);
      send(response, { status: error instanceof LiveletError ? 400 : 500 });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    const { addresses, clock, observer, console } = this.#parts;
    const { method = '', url = '', headers } = request;
    const path = url.split('?', 1)[0] ?? '';
    const question = { method, path, source: addresses.of(request) };
    const observed = await observer.answer(question);
    if (observed !== undefined) return observed;
    const late = new AbortController();
    using _limit = clock.setTimer(BODY_LIMIT, () => late.abort(new LiveletError('deadline-exceeded')));
    return console.answer({
      ...question,
      headers,
      readBody: (most) => readBody(request, response, most, late.signal),
    });
  }
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...connectionHeader(response.req.url?.startsWith('/admin/') === true, status),
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': body === undefined ? 0 : Buffer.byteLength(body),
  });
  response.end(body);
}
