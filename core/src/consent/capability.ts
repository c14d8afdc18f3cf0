import type { LocalizedText } from '../localized-text.js';

/**
 * What a person can allow, each separately. A plugin's service names the one it needs; the multiplexer at the
 * serving end opens no stream without it.
 */
export const CAPABILITIES = [
  'view',
  'control',
  'chat',
  'hear',
  'hear-computer',
  'speak',
  'camera',
  'show-camera',
  'show-screen',
  'send-files',
  'take-files',
  'send-clipboard',
  'take-clipboard',
  'record',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

export function isCapability(value: unknown): value is Capability {
  return (CAPABILITIES as readonly unknown[]).includes(value);
}

/** What each capability lets the operator do, in the customer's words; completes "Your helper can ...". */
export const CAPABILITY_TEXT: Readonly<Record<Capability, LocalizedText>> = {
  view: { en: 'see your screen', it: 'vedere il tuo schermo' },
  control: { en: 'use your mouse and keyboard', it: 'usare il tuo mouse e la tua tastiera' },
  chat: { en: 'write messages with you', it: 'scambiare messaggi con te' },
  hear: { en: 'hear your microphone', it: 'sentire il tuo microfono' },
  'hear-computer': { en: 'hear what your computer plays', it: 'sentire l’audio del tuo computer' },
  speak: { en: 'speak to you', it: 'parlarti' },
  camera: { en: 'see your camera', it: 'vedere la tua videocamera' },
  'show-camera': { en: 'show you their camera', it: 'mostrarti la sua videocamera' },
  'show-screen': { en: 'show you their screen', it: 'mostrarti il suo schermo' },
  'send-files': { en: 'send you files', it: 'inviarti file' },
  'take-files': { en: 'receive files that you choose', it: 'ricevere i file che scegli' },
  'send-clipboard': { en: 'let you paste what they copy', it: 'farti incollare ciò che copia' },
  'take-clipboard': { en: 'paste what you copy', it: 'incollare ciò che copi' },
  record: { en: 'record this session', it: 'registrare questa sessione' },
};

/** The same in anybody's words, for who reads of it afterwards. */
export const TOLD_CAPABILITY: Readonly<Record<Capability, LocalizedText>> = {
  view: { en: 'see the screen', it: 'vedere lo schermo' },
  control: { en: 'use mouse and keyboard', it: 'usare mouse e tastiera' },
  chat: { en: 'write messages', it: 'scambiare messaggi' },
  hear: { en: 'hear the microphone', it: 'sentire il microfono' },
  'hear-computer': { en: 'hear what the computer plays', it: 'sentire l’audio del computer' },
  speak: { en: 'speak', it: 'parlare' },
  camera: { en: 'see the camera', it: 'vedere la videocamera' },
  'show-camera': { en: 'show the helper’s camera', it: 'mostrare la videocamera di chi aiuta' },
  'show-screen': { en: 'show the helper’s screen', it: 'mostrare lo schermo di chi aiuta' },
  'send-files': { en: 'send files', it: 'inviare file' },
  'take-files': {
    en: 'receive files that the helped person chooses',
    it: 'ricevere i file scelti da chi è aiutato',
  },
  'send-clipboard': {
    en: 'let the helped person paste what the helper copies',
    it: 'far incollare ciò che copia chi aiuta',
  },
  'take-clipboard': {
    en: 'paste what the helped person copies',
    it: 'incollare ciò che copia chi è aiutato',
  },
  record: { en: 'record the session', it: 'registrare la sessione' },
};
