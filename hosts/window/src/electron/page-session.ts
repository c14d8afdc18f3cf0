import { readPageFile } from '../page-files.js';
import { securityHeaders } from '../security-headers.js';
import type { PageSpec } from '../window.js';
import { allowScreenCapture } from './display-media.js';
import type { ElectronParts, PageSession } from './electron-parts.js';

/** Pages are at `livelet://<page id>/`. */
export const SCHEME = 'livelet';

/** What a page may have without being asked; everything else is refused. */
const PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

export function pageOrigin(page: PageSpec): string {
  return `${SCHEME}://${page.id}`;
}

/** Makes `session` serve the files of `page`, load nothing else, and give it no device but what its spec says. */
export function preparePageSession(
  session: PageSession,
  page: PageSpec,
  parts: Pick<ElectronParts, 'desktopCapturer'>,
): void {
  const origin = pageOrigin(page);
  const headers = securityHeaders(page);
  const allowsDevice = (kind: string): boolean =>
    (page.usesMicrophone === true && kind === 'audio') || (page.usesCamera === true && kind === 'video');
  const allows = (permission: string, devices: readonly (string | undefined)[]): boolean =>
    PERMISSIONS.has(permission) ||
    (page.capturesScreen === true && permission === 'display-capture') ||
    (page.readsClipboard === true && permission === 'clipboard-read') ||
    (page.usesMicrophone === true && permission === 'speaker-selection') ||
    (permission === 'media' && devices.length > 0 && devices.every((kind = '') => allowsDevice(kind)));
  session.setPermissionRequestHandler((_, permission, answer, details) =>
    answer(allows(permission, 'mediaTypes' in details ? (details.mediaTypes ?? []) : [])),
  );
  session.setPermissionCheckHandler((_, permission, __, { mediaType }) => allows(permission, [mediaType]));
  session.setDevicePermissionHandler(() => false);
  if (page.capturesScreen) allowScreenCapture(session, parts, origin);
  // A file that the page itself made, for the person to keep: Electron asks them where. Nothing else comes to the disk.
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${origin}/`)) event.preventDefault();
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const own = url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}/`) || url.startsWith('data:');
    answer({ cancel: !own });
  });
  session.protocol.handle(SCHEME, async ({ method, url }) => {
    const { host, pathname } = new URL(url);
    const file = host === page.id && method === 'GET' ? await readPageFile(page, pathname) : undefined;
    if (!file) return new Response(null, { status: 404, headers });
    return new Response(file.body, { headers: { ...headers, 'Content-Type': file.type } });
  });
}
