import type { PageSpec } from '../window.js';

/**
 * What the browser must not do here: call home, look for updates, remember anything, offer anything, or slow a page
 * down because it is covered.
 */
const QUIET_FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--no-service-autorun',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-quic',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-features=CalculateNativeWinOcclusion,MediaRouter,OptimizationHints,Translate',
  '--hide-crash-restore-bubble',
  '--password-store=basic',
  '--use-mock-keychain',
  // Loopback goes past a proxy; everything else ends at the discard port, where nobody answers (RFC 863).
  '--proxy-server=http://127.0.0.1:9',
];

export interface BrowserFlags {
  readonly page: PageSpec;
  readonly address: string;
  readonly profile: string;
  readonly unsandboxed: boolean;
  readonly platform: 'x11' | 'wayland' | undefined;
}

export function browserFlags({ page, address, profile, unsandboxed, platform }: BrowserFlags): string[] {
  return [
    `--app=${address}`,
    `--user-data-dir=${profile}`,
    `--class=livelet-${page.id}`,
    '--remote-debugging-pipe',
    ...QUIET_FLAGS,
    ...(platform ? [`--ozone-platform=${platform}`] : []),
    // Chromium refuses to run as root with its sandbox; the page says that it is missing.
    ...(unsandboxed ? ['--no-sandbox'] : []),
  ];
}
