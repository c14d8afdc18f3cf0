import { type ErrorCode, LiveletError } from '@livelet/core';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'file-disk-full',
  EDQUOT: 'file-disk-full',
  EFBIG: 'file-disk-full',
  ENAMETOOLONG: 'file-name-refused',
};

/** What the file system said, as one of our codes; its own words may name paths and go no further. */
export function fileError(error: unknown, otherwise: ErrorCode): LiveletError {
  if (error instanceof LiveletError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new LiveletError(CODES[code ?? ''] ?? otherwise, code ?? 'no error of the file system');
}
