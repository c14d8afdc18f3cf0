import { type EndToRelay, RESUME_HANDLE_BYTES } from '@livelet/core/wire';

const NAMEPLATE = /^\d{5}$/;
const HANDLE = new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((RESUME_HANDLE_BYTES * 4) / 3)}}$`);
/** Characters of an authorization. */
const MAX_AUTHORIZATION = 900;

/** What an end wants, of the first thing it says; undefined: nothing that can be had here. */
export function readFirstMessage(text: string): EndToRelay | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, nameplate, handle, authorization } = value as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'join':
      return isText(nameplate, NAMEPLATE) ? { type, nameplate } : undefined;
    case 'allocate':
      return isAuthorization(authorization) ? { type, authorization } : undefined;
    case 'resume': {
      if (!isText(handle, HANDLE)) return undefined;
      if (authorization === undefined) return { type, handle };
      return isAuthorization(authorization) ? { type, handle, authorization } : undefined;
    }
    default:
      return undefined;
  }
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isAuthorization(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_AUTHORIZATION;
}
