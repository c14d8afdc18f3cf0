import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { iconSvg, isIconName } from '../page/icons.js';
import type { PageSpec } from './window.js';

/** A file for the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
  ['.map', 'application/json'],
]);

/** Larger files are not a page's. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_PATH_LENGTH = 1024;
/** The only characters in the paths of pages; so that no encoding, dot folder or drive needs a rule of its own. */
const SEGMENT = /^[A-Za-z0-9_@-][A-Za-z0-9._@-]*$/;

/**
 * The file of `page` at a URL's path: `/` and below from its own folder, `/plugins/<id>/...` from the plugin's,
 * `/icons/<name>.svg` from the bundled icons. Undefined for everything else, whether or not it exists.
 */
export async function readPageFile(page: PageSpec, path: string): Promise<PageFile | undefined> {
  if (path.length > MAX_PATH_LENGTH || !path.startsWith('/')) return undefined;
  const segments = path === '/' ? ['index.html'] : path.slice(1).split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) return undefined;
  const [first = '', second = ''] = segments;
  if (first === 'icons') return segments.length === 2 ? icon(second) : undefined;
  if (first !== 'plugins') return readInside(page.folder, segments);
  const plugin = page.plugins.get(second);
  return plugin === undefined ? undefined : readInside(plugin, segments.slice(2));
}

function icon(file: string): PageFile | undefined {
  const name = file.endsWith('.svg') ? file.slice(0, -'.svg'.length) : '';
  return isIconName(name) ? { type: 'image/svg+xml', body: iconSvg(name) } : undefined;
}

async function readInside(folder: string, segments: readonly string[]): Promise<PageFile | undefined> {
  const type = TYPES.get(extname(segments.at(-1) ?? ''));
  if (type === undefined) return undefined;
  try {
    const root = await realpath(folder);
    // A link that leads out of the folder is refused; one inside is fine.
    const file = await realpath(join(root, ...segments));
    if (!file.startsWith(root + sep)) return undefined;
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) return undefined;
    return { type, body: await readFile(file) };
  } catch {
    return undefined;
  }
}
