import type { ErrorData, LiveletError, Locale, LocalizedText } from '@livelet/core/wire';
import { CLI_ERROR_TEXTS, type CliText } from './cli-error-texts.js';
import { COMMAND_LINE } from './command-line.js';

const COMMAND_LINE_TEXT: LocalizedText = { en: 'the command line', it: 'riga di comando' };

/** What `problem` often is, in words. */
const PROBLEM_TEXTS: Readonly<Record<string, LocalizedText>> = {
  ENOENT: { en: 'it isn’t there', it: 'non c’è' },
  ENOTDIR: { en: 'it isn’t there', it: 'non c’è' },
  EACCES: { en: 'you may not read it', it: 'non puoi leggerlo' },
  EISDIR: { en: 'it is a folder', it: 'è una cartella' },
  'too long': { en: 'it is too long', it: 'è troppo lungo' },
  'not JSON': { en: 'it isn’t JSON', it: 'non è JSON' },
  'not a receipt': { en: 'something else is in it', it: 'contiene altro' },
  'not a key': { en: 'it isn’t a key', it: 'non è una chiave' },
  'others can read it': { en: 'others can read it', it: 'altri possono leggerlo' },
};

const FALLBACK: CliText = {
  what: { en: 'The program stopped: {code}.', it: 'Il programma si è fermato: {code}.' },
  next: {
    en: 'Start it again; --log-level debug tells more.',
    it: 'Riavvialo; --log-level debug dice di più.',
  },
};

const DISPLAY_REFUSED: CliText = {
  what: {
    en: 'The X display{display} is there, but refuses this user.',
    it: 'Lo schermo X{display} c’è, ma rifiuta questo utente.',
  },
  next: {
    en: 'Run the program as the user who is logged in there, or set XAUTHORITY to that user’s file.',
    it: 'Avvia il programma come l’utente che vi ha fatto accesso o imposta XAUTHORITY sul suo file.',
  },
};

/** Two plain sentences for a terminal. */
export function cliErrorText(error: LiveletError, locale: Locale): string {
  const { what, next } = textOf(error);
  const { key, display, source = '', problem, file } = error.data;
  const data = {
    ...error.data,
    code: error.code,
    ...(problem === undefined ? {} : { problem: PROBLEM_TEXTS[String(problem)]?.[locale] ?? problem }),
    sealed: file === undefined ? '' : ` (${file})`,
    key: key === undefined ? '' : ` (${key})`,
    display: display === undefined || display === '' ? '' : ` “${display}”`,
    source: source === COMMAND_LINE ? COMMAND_LINE_TEXT[locale] : source,
  };
  return `${fill(what[locale], data)} ${fill(next[locale], data)}`;
}

function textOf({ code, data }: LiveletError): CliText {
  if (code === 'display-unavailable' && data.problem === 'refused') return DISPLAY_REFUSED;
  return CLI_ERROR_TEXTS[code] ?? FALLBACK;
}

function fill(text: string, data: ErrorData): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => printable(String(data[name] ?? '?')));
}

/** A terminal obeys control characters, and the values may come from anywhere. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}
