import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../observe/answer.js';

/** The page may load and reach its own relay, and nothing else; its markup can't come from text. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

export const CONSOLE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

const FILES = [
  { path: '/admin/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/admin/main.js', file: 'main.js', type: 'text/javascript; charset=utf-8' },
  { path: '/admin/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const;

const BUILT = fileURLToPath(new URL('../../console/', import.meta.url));

/** The page's files by path, in memory; the page names its script with its hash. None when it hasn't been built. */
export async function loadConsoleFiles(folder: string = BUILT): Promise<ReadonlyMap<string, Answer>> {
  try {
    const script = await readFile(`${folder}main.js`);
    const hash = createHash('sha256').update(script).digest('base64');
    const answers = FILES.map(async ({ path, file, type }): Promise<[string, Answer]> => {
      const bytes = await readFile(`${folder}${file}`);
      const body =
        file === 'index.html'
          ? bytes.toString().replace('src="main.js"', `src="main.js" integrity="sha256-${hash}"`)
          : bytes;
      return [path, { status: 200, headers: { ...CONSOLE_HEADERS, 'content-type': type }, body }];
    });
    return new Map(await Promise.all(answers));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}
