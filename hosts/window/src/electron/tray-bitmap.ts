/** Pixels each way. */
const SIZE = 32;
/** BGRA of the accent, which shows on light and dark panels. */
const COLOR = [0xd6, 0x7b, 0x2f, 0xff];

/** A ring with a dot, drawn here because a tray takes no SVG: BGRA, rows from the top, no padding. */
export function trayBitmap(): { readonly bytes: Uint8Array; readonly size: number } {
  const bytes = new Uint8Array(SIZE * SIZE * 4);
  const center = (SIZE - 1) / 2;
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const distance = Math.hypot(x - center, y - center);
      if (distance < 6 || (distance > 10 && distance < 15)) bytes.set(COLOR, (y * SIZE + x) * 4);
    }
  }
  return { bytes, size: SIZE };
}
