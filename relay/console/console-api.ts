import { ERROR_CODES, type ErrorCode } from '@livelet/core/page';

/** In this tab only: gone with it. */
const KEY = 'livelet-console-key';
const API = '/livelet/1/api';
/** What the relay answers when the link or the session isn't good any more. */
const SIGNED_OUT: ErrorCode = 'relay-token-refused';

/** The relay said no; `code` tells why. */
export class ConsoleError extends Error {
  readonly code: ErrorCode;

  constructor(code: unknown) {
    super(String(code));
    const known = typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
    this.code = known ? (code as ErrorCode) : 'internal';
  }

  get isSignedOut(): boolean {
    return this.code === SIGNED_OUT;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Whether this tab has been signed in. */
export function isSignedIn(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}

/**
 * Redeems the link that opened this page.
 * @throws ConsoleError
 */
export async function signIn(token: string): Promise<void> {
  const response = await send('POST', '/admin/sign-in', token);
  const { key } = (await response.json()) as { key: string };
  sessionStorage.setItem(KEY, key);
}

export async function signOut(): Promise<void> {
  try {
    await send('POST', '/admin/sign-out');
  } finally {
    sessionStorage.removeItem(KEY);
  }
}

/**
 * Asks the relay's API.
 * @param path below the API's root, such as `/operators`
 * @throws ConsoleError
 */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await send(method, `${API}${path}`, body === undefined ? undefined : JSON.stringify(body));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/**
 * A file made by the relay.
 * @throws ConsoleError
 */
export async function download(path: string): Promise<Blob> {
  return (await send('GET', `${API}${path}`)).blob();
}

async function send(method: Method, path: string, body?: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { authorization: `Console ${sessionStorage.getItem(KEY)}` },
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    throw new ConsoleError('relay-unreachable');
  }
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({}))) as { error?: unknown };
  const problem = new ConsoleError(error);
  if (problem.isSignedOut) sessionStorage.removeItem(KEY);
  throw problem;
}
