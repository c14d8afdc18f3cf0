import type { PageSpec } from './window.js';

/**
 * What a page may load and do, whichever shell shows it: its own files and nothing else. `data:` and `blob:` are
 * pictures that the page makes itself.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Everything that asks the person for a device or tells about them; a panel that needs one asks the host. */
const REFUSED_FEATURES = [
  'accelerometer',
  'browsing-topics',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
];

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** The headers of everything that `page` is made of. */
export function securityHeaders(page: PageSpec): Readonly<Record<string, string>> {
  const { capturesScreen, readsClipboard, usesMicrophone, usesCamera } = page;
  const refused = REFUSED_FEATURES.map((feature) => `${feature}=()`);
  const own = (feature: string, wanted = false): string => `${feature}=${wanted ? '(self)' : '()'}`;
  const asked = [
    own('display-capture', capturesScreen),
    own('clipboard-read', readsClipboard),
    own('microphone', usesMicrophone),
    own('camera', usesCamera),
  ];
  return { ...SECURITY_HEADERS, 'Permissions-Policy': [...refused, ...asked].join(', ') };
}
