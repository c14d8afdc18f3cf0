import type { AudioProblem, AudioTrack, Locale, LocalizedText } from '@livelet/core/page';
import type { SoundState } from '../src/page-protocol.js';

const TEXTS = {
  nothing: {
    en: 'No sound is allowed now. Ask for it above.',
    it: 'Ora nessun suono è permesso. Chiedilo qui sopra.',
  },
  level: { en: 'How loud it is', it: 'Volume' },
  devices: { en: 'Choose microphone and loudspeaker', it: 'Scegli microfono e altoparlante' },
  microphone: { en: 'Microphone', it: 'Microfono' },
  loudspeaker: { en: 'Loudspeaker', it: 'Altoparlante' },
  automatic: { en: 'Automatic', it: 'Automatico' },
  echoes: {
    en: 'without echo protection: use headphones',
    it: 'senza protezione dall’eco: usa le cuffie',
  },
  blocked: {
    en: 'Press here to hear the sound.',
    it: 'Premi qui per sentire l’audio.',
  },
  unheard: { en: 'Press anywhere to hear the sound', it: 'Premi ovunque per sentire l’audio' },
} as const satisfies Record<string, LocalizedText>;
export type TextName = keyof typeof TEXTS;

/** What the panel says of one track; who reads it is the one or the other of the two people. */
export interface TrackTexts {
  readonly title: LocalizedText;
  /** The device is open. */
  readonly on: LocalizedText;
  readonly off: LocalizedText;
  /** Switched off by the person who reads it, where `off` says that the other did. */
  readonly muted?: LocalizedText;
  readonly turnOn: LocalizedText;
  readonly turnOff: LocalizedText;
}

const YOUR_MICROPHONE = {
  title: { en: 'Your microphone', it: 'Il tuo microfono' },
  off: { en: 'Your microphone is off.', it: 'Il tuo microfono è spento.' },
  turnOn: { en: 'Turn on my microphone', it: 'Accendi il mio microfono' },
  turnOff: { en: 'Turn off my microphone', it: 'Spegni il mio microfono' },
} as const;

const TRACKS: Readonly<Record<SoundState['role'], Readonly<Record<AudioTrack, TrackTexts>>>> = {
  answerer: {
    hear: {
      ...YOUR_MICROPHONE,
      on: {
        en: 'Your microphone is on: your helper hears you.',
        it: 'Il tuo microfono è acceso: chi ti aiuta ti sente.',
      },
    },
    'hear-computer': {
      title: { en: 'Your computer’s sound', it: 'Audio del tuo computer' },
      on: {
        en: 'Your helper hears what your computer plays.',
        it: 'Chi ti aiuta sente l’audio del tuo computer.',
      },
      off: {
        en: 'Your helper doesn’t hear what your computer plays.',
        it: 'Chi ti aiuta non sente l’audio del tuo computer.',
      },
      turnOn: { en: 'Let them hear it', it: 'Fallo sentire' },
      turnOff: { en: 'Don’t let them hear it', it: 'Non farlo sentire' },
    },
    speak: {
      title: { en: 'Your helper’s voice', it: 'Voce di chi ti aiuta' },
      on: {
        en: 'Your helper’s microphone is on: you hear them.',
        it: 'Il microfono di chi ti aiuta è acceso: ora lo senti.',
      },
      off: {
        en: 'Your helper’s microphone is off.',
        it: 'Il microfono di chi ti aiuta è spento.',
      },
      turnOn: { en: '', it: '' },
      turnOff: { en: '', it: '' },
    },
  },
  caller: {
    hear: {
      title: { en: 'Their microphone', it: 'Il suo microfono' },
      on: {
        en: 'Their microphone is on: you hear them.',
        it: 'Il suo microfono è acceso: senti la sua voce.',
      },
      off: { en: 'Their microphone is off.', it: 'Il suo microfono è spento.' },
      muted: { en: 'You don’t listen to their microphone.', it: 'Non ascolti il suo microfono.' },
      turnOn: { en: 'Listen again', it: 'Ascolta di nuovo' },
      turnOff: { en: 'Stop listening', it: 'Smetti di ascoltare' },
    },
    'hear-computer': {
      title: { en: 'Their computer’s sound', it: 'Audio del suo computer' },
      on: { en: 'You hear what their computer plays.', it: 'Senti l’audio del suo computer.' },
      off: { en: 'You don’t hear their computer.', it: 'Non senti il suo computer.' },
      turnOn: { en: 'Listen to it again', it: 'Ascoltalo di nuovo' },
      turnOff: { en: 'Stop listening to it', it: 'Smetti di ascoltarlo' },
    },
    speak: {
      ...YOUR_MICROPHONE,
      on: {
        en: 'Your microphone is on: they hear you.',
        it: 'Il tuo microfono è acceso: l’altra persona ti sente.',
      },
    },
  },
};

const MICROPHONE_OPEN: LocalizedText = { en: 'Microphone open', it: 'Microfono acceso' };
const VOICE_HEARD: LocalizedText = { en: 'You hear their voice', it: 'Senti la sua voce' };

/** Always in sight: what is open. */
export const MARKS: Readonly<Record<SoundState['role'], Readonly<Record<AudioTrack, LocalizedText>>>> = {
  answerer: {
    hear: MICROPHONE_OPEN,
    'hear-computer': { en: 'They hear your computer', it: 'Sente il tuo computer' },
    speak: VOICE_HEARD,
  },
  caller: {
    hear: VOICE_HEARD,
    'hear-computer': { en: 'You hear their computer', it: 'Senti il suo computer' },
    speak: MICROPHONE_OPEN,
  },
};

/** Why there is no sound: at this side, or at the other. */
const PROBLEMS: Readonly<Record<'here' | 'there', Readonly<Record<AudioProblem, LocalizedText>>>> = {
  here: {
    'audio-unavailable': {
      en: 'No sound could be had here. Check that the microphone is connected, or choose another one.',
      it: 'Qui non arriva alcun suono. Controlla che il microfono sia collegato, oppure scegline un altro.',
    },
    'audio-refused': {
      en: 'The browser doesn’t allow the microphone. Allow it in the browser’s settings of this page.',
      it: 'Il browser non permette il microfono. Permettilo nelle impostazioni del browser per questa pagina.',
    },
    'audio-unplugged': {
      en: 'The microphone went away. Connect it or choose another one, then turn it on again.',
      it: 'Il microfono non c’è più. Collegalo o scegline un altro, poi riaccendilo.',
    },
  },
  there: {
    'audio-unavailable': {
      en: 'No sound can be had at the other side.',
      it: 'Dall’altra parte non arriva alcun suono.',
    },
    'audio-refused': {
      en: 'The browser at the other side doesn’t allow the microphone.',
      it: 'Il browser dall’altra parte non permette il microfono.',
    },
    'audio-unplugged': {
      en: 'The microphone at the other side went away.',
      it: 'Il microfono dall’altra parte non c’è più.',
    },
  },
};

/** Why there is nothing of what the customer's computer plays. */
const NO_COMPUTER: Readonly<Record<'here' | 'there', LocalizedText>> = {
  here: {
    en: 'What this computer plays can’t be recorded. On Linux install sox, libsox-fmt-pulse and pulseaudio-utils, then try again.',
    it: 'L’audio di questo computer non può essere registrato. Su Linux installa sox, libsox-fmt-pulse e pulseaudio-utils, poi riprova.',
  },
  there: {
    en: 'What their computer plays can’t be recorded. On Linux it needs sox, libsox-fmt-pulse and pulseaudio-utils.',
    it: 'L’audio del suo computer non può essere registrato. Su Linux servono sox, libsox-fmt-pulse e pulseaudio-utils.',
  },
};

/** It was recorded until then. */
const COMPUTER_UNPLUGGED: typeof NO_COMPUTER = {
  here: {
    en: 'The loudspeaker or headphones of this computer went away. Once it has others, try again.',
    it: 'L’altoparlante o le cuffie di questo computer non ci sono più. Quando ne ha altri, riprova.',
  },
  there: {
    en: 'The loudspeaker or headphones of their computer went away. Once it has others, it can be turned on again.',
    it: 'L’altoparlante o le cuffie del suo computer non ci sono più. Quando ne ha altri, si può riattivare.',
  },
};

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

export function trackTexts(role: SoundState['role'], track: AudioTrack): TrackTexts {
  return TRACKS[role][track];
}

/** @param mine whether it is this side's device */
export function problemText(problem: AudioProblem, track: AudioTrack, mine: boolean, locale: Locale): string {
  const side = mine ? 'here' : 'there';
  if (track !== 'hear-computer') return PROBLEMS[side][problem][locale];
  // No page and no person refuses it: else a program is missing, or the system has none.
  return (problem === 'audio-unplugged' ? COMPUTER_UNPLUGGED : NO_COMPUTER)[side][locale];
}
