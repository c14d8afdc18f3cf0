import { LiveletError, REQUEST_SCHEME } from '@livelet/core/wire';

/**
 * The JSON object in `body`.
 * @throws `request-invalid`
 */
export function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new LiveletError('request-invalid', 'not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LiveletError('request-invalid', 'not a JSON object');
  }
  return value as Record<string, unknown>;
}

/**
 * A whole number of the query; `fallback` when it isn't there.
 * @throws `request-invalid` (data: field)
 */
export function readNumber<F>(query: URLSearchParams, name: string, fallback: F): number | F {
  const text = query.get(name);
  if (text === null) return fallback;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new LiveletError('request-invalid', name, { data: { field: name } });
}

/** The token of a signed request's Authorization header; empty when it has another scheme. */
export function signatureOf(authorization: string | undefined): string {
  const [scheme, token = '', ...rest] = authorization?.split(' ', 3) ?? [];
  return scheme === REQUEST_SCHEME && rest.length === 0 ? token : '';
}
