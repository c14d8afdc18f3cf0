import type { LocalizedText } from '@livelet/core/page';
import type { SentAs } from './measurements.js';

/** The table of measurements, its rows in their order. */
export const MEASUREMENT_TEXT = {
  caption: { en: 'The picture in the last second', it: 'L’immagine nell’ultimo secondo' },
  none: { en: 'No new picture in the last second', it: 'Nessuna nuova immagine nell’ultimo secondo' },
  rows: {
    fps: { en: 'Pictures a second', it: 'Immagini al secondo' },
    rate: { en: 'Data of the picture', it: 'Dati dell’immagine' },
    size: { en: 'Size', it: 'Dimensioni' },
    sentAs: { en: 'Sent as', it: 'Inviata come' },
    wait: { en: 'Wait', it: 'Attesa' },
    capture: { en: 'Capture', it: 'Cattura' },
    encode: { en: 'Encode', it: 'Codifica' },
    wire: { en: 'Wire, one way', it: 'Linea, sola andata' },
    decode: { en: 'Decode', it: 'Decodifica' },
    draw: { en: 'Draw', it: 'Disegno' },
    total: { en: 'From change to picture', it: 'Dal cambiamento all’immagine' },
  },
} satisfies { caption: LocalizedText; none: LocalizedText; rows: Record<string, LocalizedText> };

/** Before a number of them. */
export const SENT_AS_TEXT: Readonly<Record<SentAs, LocalizedText>> = {
  png: { en: 'PNG', it: 'PNG' },
  'webp-lossless': { en: 'WebP', it: 'WebP' },
  jpeg: { en: 'JPEG', it: 'JPEG' },
  small: { en: 'small', it: 'piccole' },
  copy: { en: 'copies', it: 'copie' },
  vp8: { en: 'video VP8', it: 'video VP8' },
  vp9: { en: 'video VP9', it: 'video VP9' },
  av1: { en: 'video AV1', it: 'video AV1' },
  h264: { en: 'video H.264', it: 'video H.264' },
};
