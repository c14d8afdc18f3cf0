import {
  type ClipboardFormat,
  type CopiedContent,
  checkCopiedLengths,
  LiveletError,
} from '@livelet/core/page';

const TYPES: Readonly<Record<ClipboardFormat, string>> = {
  text: 'text/plain',
  html: 'text/html',
  png: 'image/png',
};
const ENTRIES = Object.entries(TYPES) as [ClipboardFormat, string][];

/** Whether the browser lets this page read its clipboard; `unknown` where it doesn't tell before it is asked. */
export async function readPermission(): Promise<PermissionState | 'unknown'> {
  try {
    return (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })).state;
  } catch {
    return 'unknown';
  }
}

/**
 * What lies on the operator's clipboard; empty when it is nothing that can be passed. The browser may ask the person.
 * @throws `clipboard-refused`, `clipboard-too-large`
 */
export async function readClipboard(): Promise<CopiedContent> {
  let items: readonly ClipboardItem[];
  try {
    items = await navigator.clipboard.read();
  } catch (cause) {
    throw refused(cause);
  }
  const blobs: Partial<Record<ClipboardFormat, Blob>> = {};
  for (const item of items) {
    for (const [format, type] of ENTRIES) {
      if (item.types.includes(type)) blobs[format] ??= await item.getType(type);
    }
  }
  return await contentOf(blobs);
}

/** What was pasted by hand, for which no permission is needed. @throws `clipboard-too-large`, `clipboard-files` */
export async function pastedContent(data: DataTransfer): Promise<CopiedContent> {
  const files = [...data.files];
  const picture = files.find(({ type }) => type === TYPES.png);
  const text = data.getData(TYPES.text);
  const html = data.getData(TYPES.html);
  if (files.length > 0 && !picture && text === '') {
    throw new LiveletError('clipboard-files', 'files were pasted');
  }
  return await contentOf({
    ...(text !== '' && { text: new Blob([text]) }),
    ...(html !== '' && { html: new Blob([html]) }),
    ...(picture && { png: picture }),
  });
}

/** Puts it there. HTML stays data: it is never part of this page. @throws `clipboard-refused` */
export async function writeClipboard(content: CopiedContent): Promise<void> {
  const blobs: Record<string, Blob> = {};
  for (const [format, type] of ENTRIES) {
    const bytes = content[format];
    if (bytes) blobs[type] = new Blob([bytes as Uint8Array<ArrayBuffer>], { type });
  }
  try {
    await navigator.clipboard.write([new ClipboardItem(blobs)]);
  } catch (cause) {
    throw refused(cause);
  }
}

/**
 * By which the same content is known again: browsers write pictures and HTML anew, so that the text tells, else the
 * picture's pixels.
 */
export async function fingerprint({ text, html, png }: CopiedContent): Promise<string> {
  if (text) return `text ${await digest(text)}`;
  if (png) return `png ${await digest(await pixelsOf(png))}`;
  return html ? `html ${await digest(html)}` : '';
}

async function contentOf(blobs: Readonly<Partial<Record<ClipboardFormat, Blob>>>): Promise<CopiedContent> {
  const content: { -readonly [F in keyof CopiedContent]: CopiedContent[F] } = {};
  const lengths: { [F in ClipboardFormat]?: number } = {};
  for (const [format] of ENTRIES) {
    const size = blobs[format]?.size ?? 0;
    if (size > 0) lengths[format] = size;
  }
  if (Object.keys(lengths).length === 0) return {};
  // Before their bytes are read.
  checkCopiedLengths(lengths);
  for (const [format] of ENTRIES) {
    const blob = blobs[format];
    if (blob && blob.size > 0) content[format] = new Uint8Array(await blob.arrayBuffer());
  }
  return content;
}

/** Decoded by the browser without being shown; the file's own bytes where it can't. */
async function pixelsOf(png: Uint8Array): Promise<Uint8Array> {
  try {
    const image = await createImageBitmap(new Blob([png as Uint8Array<ArrayBuffer>], { type: TYPES.png }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    image.close();
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
    return pixels ? new Uint8Array(pixels.data.buffer) : png;
  } catch {
    return png;
  }
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function refused(cause: unknown): LiveletError {
  return new LiveletError('clipboard-refused', 'the browser refused', { cause });
}
