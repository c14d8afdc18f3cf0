import type { LiveletError } from '@livelet/core/wire';

export type Role = 'admin' | 'operator';

/** An operator whose request is proven to be theirs. */
export interface Caller {
  readonly operator: string;
  readonly name: string;
  readonly role: Role;
}

/** A request that found its route, with its body. */
export interface ApiCall {
  /** Always there on a route for operators or admins. */
  readonly caller?: Caller;
  /** Values of the path's `:names`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** At most the route's `maxBody` bytes. */
  readonly body: Buffer;
  /** Who pays: an IPv4 address or an IPv6 /64. */
  readonly source: string;
  /** Aborts when the caller is gone or the time is up. */
  readonly signal: AbortSignal;
  readonly method: string;
  /** As it stood in the request, with its query. */
  readonly path: string;
  /** The Authorization header, for routes that judge it themselves. */
  readonly authorization?: string;
}

/** What a route answers; `json` and `bytes` exclude each other. */
export interface ApiAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a stranger's call has been let in for, until it is answered. */
export interface Entered extends Disposable {
  /** So many bytes more of its body came. */
  came(bytes: number): void;
  /** All of its body is there: from here on it isn't turned away. */
  complete(): void;
}

/** One thing that can be asked of the relay over HTTP. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below API_ROOT, such as `/operators/:id`. */
  readonly path: string;
  /** An admin may do what an operator may. */
  readonly who: 'anyone' | 'operator' | 'admin';
  /** Bytes; 0: none is read. */
  readonly maxBody: number;
  /**
   * Judges a call of a stranger before any of its body is read. @throws what it is refused with
   * @param refuse turns it away later, while its body is still on its way
   * @returns what is freed when the call is answered
   */
  enter?(
    call: Pick<ApiCall, 'source' | 'authorization'>,
    refuse: (reason: LiveletError) => void,
  ): Entered | undefined;
  /** @throws ApiError for what the caller is told; anything else is answered as `internal`, without its reason */
  handle(call: ApiCall): Promise<ApiAnswer>;
}

/** What every path of the API begins with. */
export const API_ROOT = '/livelet/1/api';
