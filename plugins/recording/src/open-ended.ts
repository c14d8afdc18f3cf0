/** Elements of WebM (RFC 9559, section 5) that a file is walked by. */
const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const INFO = 0x1549a966;
const DURATION = 0x4489;
const CLUSTER = 0x1f43b675;
const VOID = 0xec;

/** Where an element stands in the bytes. */
interface Element {
  readonly id: number;
  readonly at: number;
  readonly sizeAt: number;
  readonly contentAt: number;
  readonly end: number;
}

/**
 * What is appended to a WebM file, so that it plays wherever it breaks off: the segment and its last cluster have no
 * known length (RFC 8794, section 6.2), and what is known at the end only, the film's length and where its parts are,
 * is left void. The file's writer fills all of it in later, at the places where it stands.
 * @param bytes whole elements, as the writer appends them
 */
export function openEnded(bytes: Uint8Array): Uint8Array {
  const open = bytes.slice();
  let cluster: Element | undefined;
  for (let at = 0; at < open.length; ) {
    const element = readElement(open, at);
    at = element.end;
    if (element.id === SEGMENT || element.id === CLUSTER || element.id === INFO) at = element.contentAt;
    if (element.id === SEGMENT) markUnknown(open, element);
    if (element.id === SEEK_HEAD || element.id === DURATION) makeVoid(open, element);
    if (element.id === CLUSTER) cluster = element;
  }
  // Those before it were closed by the writer.
  if (cluster) markUnknown(open, cluster);
  return open;
}

/** @throws RangeError for what is no element: the writer doesn't write as it did */
function readElement(bytes: Uint8Array, at: number): Element {
  const idLength = lengthAt(bytes, at, 4);
  let id = 0;
  for (let n = 0; n < idLength; n++) id = id * 256 + (bytes[at + n] ?? 0);
  const sizeAt = at + idLength;
  const sizeLength = lengthAt(bytes, sizeAt, 8);
  const contentAt = sizeAt + sizeLength;
  let size = (bytes[sizeAt] ?? 0) & (0xff >> sizeLength);
  for (let n = 1; n < sizeLength; n++) size = size * 256 + (bytes[sizeAt + n] ?? 0);
  return { id, at, sizeAt, contentAt, end: contentAt + size };
}

/** Of a number that tells its own length by the zeros in front. */
function lengthAt(bytes: Uint8Array, at: number, most: number): number {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length > most || at + length > bytes.length) throw new RangeError(`no element of WebM at ${at}`);
  return length;
}

function markUnknown(bytes: Uint8Array, { sizeAt, contentAt }: Element): void {
  bytes.fill(0xff, sizeAt, contentAt);
  bytes[sizeAt] = 0xff >> (contentAt - sizeAt - 1);
}

/** Takes the same room. */
function makeVoid(bytes: Uint8Array, { at, end }: Element): void {
  bytes.fill(0, at, end);
  bytes[at] = VOID;
  const short = end - at - 2;
  if (short < 0x7f) {
    bytes[at + 1] = 0x80 | short;
    return;
  }
  bytes[at + 1] = 0x01;
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at + 5, end - at - 9);
}
