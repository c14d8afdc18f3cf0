import { readPageFile } from '../page-files.js';
import { SECURITY_HEADERS } from '../security-headers.js';
import type { PageSpec } from '../window.js';
import type { PageSession } from './electron-parts.js';

/** Pages are at `livelet://<page id>/`. */
export const SCHEME = 'livelet';

/** What a page may have without being asked; everything else is refused. */
const PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

export function pageOrigin(page: PageSpec): string {
  return `${SCHEME}://${page.id}`;
}

/** Makes `session` serve the files of `page`, load nothing else, and give it no device. */
export function preparePageSession(session: PageSession, page: PageSpec): void {
  const origin = pageOrigin(page);
  session.setPermissionRequestHandler((_, permission, answer) => answer(PERMISSIONS.has(permission)));
  session.setPermissionCheckHandler((_, permission) => PERMISSIONS.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const own = url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}/`) || url.startsWith('data:');
    answer({ cancel: !own });
  });
  session.protocol.handle(SCHEME, async ({ method, url }) => {
    const { host, pathname } = new URL(url);
    const file = host === page.id && method === 'GET' ? await readPageFile(page, pathname) : undefined;
    if (!file) return new Response(null, { status: 404, headers: SECURITY_HEADERS });
    const headers = { ...SECURITY_HEADERS, 'Content-Type': file.type };
    return new Response(file.body, { headers });
  });
}
