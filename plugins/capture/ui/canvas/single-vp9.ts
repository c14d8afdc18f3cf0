/** A superframe's index, as it is before and after its sizes, for one picture whose size has 4 bytes. */
const SINGLE_VP9 = 0xd8;

/**
 * A VP9 chunk, and after it an index that says that it is one picture. Decoders go on with what is behind a picture
 * otherwise, as with another one, of any size: VP9 bitstream specification, Annex B.
 */
export function singleVp9(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const single = new Uint8Array(chunk.length + 6);
  single.set(chunk);
  single.fill(SINGLE_VP9, chunk.length);
  new DataView(single.buffer).setUint32(chunk.length + 1, chunk.length, true);
  return single;
}
