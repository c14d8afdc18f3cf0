import type { QualityPreset } from '@livelet/core/page';
import { defineStrings } from '@livelet/window/page';

/** Every string about the picture: how it is weighed, what it takes, keeping one. */
export const PICTURE_STRINGS = defineStrings({
  en: {
    menu: 'Picture',
    weigh: 'Quality',
    automatic: 'Automatic',
    sharp: 'Sharp',
    smooth: 'Smooth',
    automaticWhy: 'follows the line',
    sharpWhy: 'every pixel exact',
    smoothWhy: 'on a slow line more pictures, rougher',
    measurements: 'Measurements',
    snapshot: 'Save a picture',
    withCursor: 'Save a picture with the pointer',
    savedAs: (name: string) => `Picture saved as ${name}.`,
    savedToDownloads: (name: string) =>
      `The picture ${name} goes to the downloads, unless you are asked where.`,
    notSaved: 'No place was chosen, so the picture was not saved. Save it again to choose one.',
    saveFailed: 'The picture could not be saved. Choose another place and try again.',
    noPicture: 'There is no picture to save yet.',
  },
  it: {
    menu: 'Immagine',
    weigh: 'Qualità',
    automatic: 'Automatica',
    sharp: 'Nitida',
    smooth: 'Fluida',
    automaticWhy: 'segue la linea',
    sharpWhy: 'ogni punto esatto',
    smoothWhy: 'con la linea lenta più immagini, meno dettagli',
    measurements: 'Misure',
    snapshot: 'Salva un’immagine',
    withCursor: 'Salva un’immagine con il puntatore',
    savedAs: (name: string) => `Immagine salvata come ${name}.`,
    savedToDownloads: (name: string) =>
      `L’immagine ${name} va tra i file scaricati, se non ti viene chiesto dove.`,
    notSaved:
      'Non è stato scelto un posto, quindi l’immagine non è stata salvata. Salvala di nuovo per sceglierne uno.',
    saveFailed: 'Non è stato possibile salvare l’immagine. Scegli un altro posto e riprova.',
    noPicture: 'Non c’è ancora un’immagine da salvare.',
  },
});

/** Name and meaning of a preset. */
export const PRESET_STRINGS = {
  automatic: ['automatic', 'automaticWhy'],
  sharp: ['sharp', 'sharpWhy'],
  smooth: ['smooth', 'smoothWhy'],
} as const satisfies Record<QualityPreset, readonly [string, string]>;
