import { LiveletError } from '@livelet/core/wire';

/** Bytes of a name, as in a session. */
const MAX_BYTES = 128;

/**
 * A name for people to read, without control characters and spaces at its ends.
 * @throws `request-invalid` (data: field) when it is empty or has more than 128 bytes
 */
export function readName(value: unknown): string {
  const name = typeof value === 'string' ? value.replace(/\p{C}/gu, '').trim() : '';
  if (name !== '' && Buffer.byteLength(name) <= MAX_BYTES) return name;
  throw new LiveletError('request-invalid', 'a name', { data: { field: 'name' } });
}
