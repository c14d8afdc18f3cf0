import type { ErrorCode } from '@livelet/core/wire';

/** What a program's exit status says. */
export const ExitCode = {
  /** Done, or stopped by Ctrl-C or SIGTERM in good order. */
  ok: 0,
  /** Anything that has no number of its own. */
  failure: 1,
  /** A flag, variable or config file isn't right. */
  usage: 2,
  /** The relay can't be reached, or isn't the expected one. */
  relay: 3,
  portInUse: 4,
  /** There is no display to share, or it went away. */
  display: 5,
  /** There is no browser to show pages in, or its window can't open or is gone. */
  window: 6,
  /** A key or token file can't be read, or is open to others. */
  keyFile: 7,
  /** A relay's database or a backup of it can't be used. */
  store: 8,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** One line each, for `--help`. */
export const EXIT_CODE_TEXT: Readonly<Record<ExitCode, string>> = {
  [ExitCode.ok]: 'done, or stopped by Ctrl-C or SIGTERM',
  [ExitCode.failure]: 'any other failure',
  [ExitCode.usage]: 'a flag, variable or config file is not right',
  [ExitCode.relay]: 'the relay is unreachable or not the expected one',
  [ExitCode.portInUse]: 'the port is in use',
  [ExitCode.display]: 'no display, or it went away',
  [ExitCode.window]: 'no browser, or its window can’t open or is gone',
  [ExitCode.keyFile]: 'a key or token file is unreadable or open to others',
  [ExitCode.store]: 'the relay’s database or backup can’t be used',
};

const BY_ERROR: ReadonlyMap<ErrorCode, ExitCode> = new Map<ErrorCode, ExitCode>([
  ['option-unknown', ExitCode.usage],
  ['option-invalid', ExitCode.usage],
  ['command-missing', ExitCode.usage],
  ['command-unknown', ExitCode.usage],
  ['named-file-unreadable', ExitCode.usage],
  ['config-unreadable', ExitCode.usage],
  ['deployment-invalid', ExitCode.usage],
  ['relay-unreachable', ExitCode.relay],
  ['relay-certificate-not-pinned', ExitCode.relay],
  ['relay-token-refused', ExitCode.relay],
  ['proxy-invalid', ExitCode.usage],
  ['proxy-unreachable', ExitCode.relay],
  ['proxy-refused', ExitCode.relay],
  ['proxy-authentication-required', ExitCode.relay],
  ['relay-region-refused', ExitCode.relay],
  ['relay-region-unexpected', ExitCode.relay],
  ['port-in-use', ExitCode.portInUse],
  ['display-unavailable', ExitCode.display],
  ['display-unsupported', ExitCode.display],
  ['display-lost', ExitCode.display],
  ['browser-missing', ExitCode.window],
  ['electron-missing', ExitCode.window],
  ['window-gone', ExitCode.window],
  ['window-unavailable', ExitCode.window],
  ['identity-unreadable', ExitCode.keyFile],
  ['organisation-key-unreadable', ExitCode.keyFile],
  ['store-unavailable', ExitCode.store],
  ['store-too-new', ExitCode.store],
  ['store-in-use', ExitCode.store],
  ['backup-invalid', ExitCode.store],
]);

/** The exit status for an error that ends a program. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return BY_ERROR.get(code) ?? ExitCode.failure;
}
