import { asLiveletError, isCapability, type JsonValue, MAX_OWN_NOTES, type PagePort } from '@livelet/core';
import type { OperatorConsole } from './console.js';
import type { OperatorSettings } from './operator-settings.js';
import {
  type About,
  type HostToPage,
  MAX_CHOICE,
  MAX_FOLDER,
  MAX_NOTE,
  type PageToHost,
} from './page-protocol.js';
import type { RelayAccount } from './relay-account.js';

/** What a page shows and commands. */
export interface PageParts {
  readonly console: OperatorConsole;
  readonly account: RelayAccount;
  readonly settings: OperatorSettings;
}

/** Characters of an enrolment token that is worth sending. */
const MAX_TOKEN = 128;

/** Connects the console to its page's port: states out, commands in. A page that reloads gets all of it again. */
export function linkPage(port: PagePort, parts: PageParts, about: Omit<About, 'operatorName'>): Disposable {
  const { console, account, settings } = parts;
  const tell = (message: HostToPage): void => port.post({ json: message as unknown as JsonValue });
  const tellState = (): void => tell({ type: 'state', state: console.state, history: console.history });

  const tellSettings = (): void => tell({ type: 'settings', settings: settings.shown });
  const tellAbout = (facts: Omit<About, 'operatorName'>): void =>
    tell({ type: 'about', about: { ...facts, operatorName: account.name } });
  const { locale: _first, ...lasting } = about;
  const tellAccount = (): void => {
    tellAbout(lasting);
    tell({ type: 'account', account: account.shown });
  };

  const resources = new DisposableStack();
  resources.use(account.onChange(tellAccount));
  resources.use(settings.onChange(tellSettings));
  resources.use(
    console.onChange({ changed: tellState, quality: (quality) => tell({ type: 'quality', quality }) }),
  );
  resources.use(
    port.onMessage(({ json }) => {
      const command = readCommand(json);
      if (!command) return;
      if (isOfSettings(command)) {
        change(settings, command).then(
          () => tell({ type: 'settings-answer' }),
          (error: unknown) => tell({ type: 'settings-answer', code: asLiveletError(error).code }),
        );
        return;
      }
      const done = isOfAccount(command) ? serve(account, command, tell) : obey(console, command, tell);
      done.catch((error: unknown) => {
        const { code } = asLiveletError(error);
        tell(isOfAccount(command) ? { type: 'account-refused', code } : { type: 'refused', code });
      });
    }),
  );
  resources.use(port.onClose(() => resources.dispose()));

  tellAbout(about);
  tellState();
  tellAccount();
  tellSettings();
  if (console.session) tell({ type: 'quality', quality: console.session.quality });
  return resources;
}

type AccountCommand = Extract<PageToHost, { type: 'enrol' | 'refresh-account' | 'note' | 'export' }>;

function isOfAccount(command: PageToHost): command is AccountCommand {
  return ['enrol', 'refresh-account', 'note', 'export'].includes(command.type);
}

const SETTINGS_COMMANDS = [
  'choose-archive',
  'reset-archive',
  'enrol-at-archive',
  'choose-recordings',
  'browse-recordings',
  'reset-recordings',
] as const;
type SettingsCommand = Extract<PageToHost, { type: (typeof SETTINGS_COMMANDS)[number] }>;

function isOfSettings(command: PageToHost): command is SettingsCommand {
  return SETTINGS_COMMANDS.some((type) => type === command.type);
}

async function change(settings: OperatorSettings, command: SettingsCommand): Promise<void> {
  switch (command.type) {
    case 'choose-archive':
      return settings.chooseArchive(command.choice);
    case 'reset-archive':
      return settings.resetArchive();
    case 'enrol-at-archive':
      return settings.enrolAtArchive(command.token);
    case 'choose-recordings':
      return settings.changeRecordings((place) => place.choose(command.folder));
    case 'browse-recordings':
      return settings.changeRecordings((place) => place.browse());
    case 'reset-recordings':
      return settings.changeRecordings((place) => place.reset());
  }
}

async function serve(
  account: RelayAccount,
  command: AccountCommand,
  tell: (message: HostToPage) => void,
): Promise<void> {
  switch (command.type) {
    case 'enrol':
      return account.enrol(command.token);
    case 'refresh-account':
      return account.refresh();
    case 'note':
      return account.setNote(command.session, command.note);
    case 'export': {
      const { format } = command;
      return tell({ type: 'exported', format, text: await account.export(format) });
    }
  }
}

async function obey(
  console: OperatorConsole,
  command: Exclude<PageToHost, AccountCommand | SettingsCommand>,
  tell: (message: HostToPage) => void,
): Promise<void> {
  switch (command.type) {
    case 'new-code':
      return console.newCode();
    case 'cancel':
      return console.cancel();
    case 'ask':
      return console.ask(command.capability);
    case 'end':
      return console.end();
    case 'own-notes':
      return console.note(command.text);
    case 'signed-receipt': {
      const json = console.signedReceipt;
      return json === undefined ? undefined : tell({ type: 'signed-receipt', json });
    }
    case 'home':
      return console.home();
  }
}

/** The page is ours, but a broken message must not throw into the shell. */
function readCommand(json: JsonValue): PageToHost | undefined {
  if (typeof json !== 'object' || json === null || !('type' in json)) return undefined;
  switch (json.type) {
    case 'ask':
      return isCapability(json.capability) ? { type: 'ask', capability: json.capability } : undefined;
    case 'enrol':
    case 'enrol-at-archive': {
      const { type, token } = json;
      return typeof token === 'string' && token.length <= MAX_TOKEN ? { type, token } : undefined;
    }
    case 'choose-archive': {
      const { choice } = json;
      const valid = typeof choice === 'string' && choice.length <= MAX_CHOICE;
      return valid ? { type: 'choose-archive', choice } : undefined;
    }
    case 'choose-recordings': {
      const { folder } = json;
      const valid = typeof folder === 'string' && folder.length <= MAX_FOLDER;
      return valid ? { type: 'choose-recordings', folder } : undefined;
    }
    case 'note': {
      const { session, note } = json;
      const valid = typeof session === 'string' && typeof note === 'string' && note.length <= MAX_NOTE;
      return valid ? { type: 'note', session, note } : undefined;
    }
    case 'own-notes': {
      const { text } = json;
      const valid = typeof text === 'string' && text.length <= MAX_OWN_NOTES;
      return valid ? { type: 'own-notes', text } : undefined;
    }
    case 'export':
      return json.format === 'csv' || json.format === 'json'
        ? { type: 'export', format: json.format }
        : undefined;
    case 'new-code':
    case 'cancel':
    case 'end':
    case 'home':
    case 'signed-receipt':
    case 'reset-archive':
    case 'browse-recordings':
    case 'reset-recordings':
    case 'refresh-account':
      return { type: json.type };
    default:
      return undefined;
  }
}
