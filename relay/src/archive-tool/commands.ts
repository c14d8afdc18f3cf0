import { asLiveletError, systemClock } from '@livelet/core/wire';
import {
  choiceOption,
  listOption,
  type OptionValues,
  type ProgramCommand,
  type ProgramContext,
  programCommand,
  readDeployment,
  switchOption,
  textOption,
  writeWholeFile,
} from '@livelet/program';
import { connectAsAdmin } from '../access/admin-options.js';
import { entryLine, readNumbers } from './entries.js';
import { EXPORT_FORMATS, exportChats, shown } from './export-chats.js';
import { readSealKeys } from './key-folder.js';
import { chooseArchive, initOrganisation } from './organisation.js';
import { type ReadChats, readChats, searchChats } from './read-chats.js';
import { RELAY_ACCESS } from './relay-access.js';
import { SealedReader } from './sealed-reader.js';

const KEYS = {
  keys: textOption({
    about: 'folder of the organisation’s keys',
    placeholder: 'folder',
    fallback: 'organisation',
  }),
};
const DAY = {
  placeholder: 'day',
  pattern: /^\d{4}-\d{2}-\d{2}$/,
  allowed: 'a day such as 2026-01-31',
  fallback: undefined,
};
const TIMES = {
  since: textOption({ about: 'only what arrived on this day (UTC) or later', ...DAY }),
  until: textOption({ about: 'only what arrived before this day (UTC)', ...DAY }),
};
const READING = { ...RELAY_ACCESS, ...KEYS, ...TIMES };
const NUMBERS = {
  numbers: listOption({ about: 'numbers of what is meant, as `list` shows them' }),
};
const OUT = { placeholder: 'file', fallback: undefined } as const;

export const ARCHIVE_COMMANDS: readonly ProgramCommand[] = [
  programCommand({
    name: 'init',
    about: 'Makes the organisation’s keys, and signs the deployment file with them.',
    example: '--deployment relay-state/deployment.json --out organisation',
    options: {
      deployment: RELAY_ACCESS.deployment,
      out: textOption({ about: 'folder to make', placeholder: 'folder', fallback: 'organisation' }),
      replace: switchOption({ about: 'take over a deployment that another key has signed' }),
    },
    main: async ({ options, print }) => {
      const file = await initOrganisation(
        await readDeployment(options.deployment),
        options.out,
        options.replace,
      );
      print(`keys, to keep where nobody else comes: ${options.out}`);
      print(`signed deployment, for the relay’s state folder, operators and customers: ${file}`);
    },
  }),
  programCommand({
    name: 'choose',
    about: 'Signs which relay keeps the chats; operators load the file on their settings page.',
    example: '--archive archive-relay/deployment.json --out archive-choice.json',
    options: {
      ...KEYS,
      archive: textOption({ about: 'deployment.json of that relay', ...OUT, fallback: 'deployment.json' }),
      out: textOption({ about: 'file to write', ...OUT, fallback: 'archive-choice.json' }),
    },
    main: async ({ options, print }) => {
      const place = await readDeployment(options.archive);
      const choice = await chooseArchive(place, options.keys, Math.floor(systemClock.wallTime()));
      await writeWholeFile(options.out, `${JSON.stringify(choice, undefined, 2)}\n`, 0o644);
      print(`${options.out}: chats are kept at ${new URL(choice.relayUrl).host}`);
    },
  }),
  programCommand({
    name: 'list',
    about: 'Lists kept chats; without the archive key only what arrived.',
    example: '--since 2026-01-01 --until 2026-02-01',
    options: READING,
    main: async (context) => {
      const { options, signal, print } = context;
      const keys = await readSealKeys(options.keys, 'archive').catch(onlyMissing);
      if (keys !== undefined) return printChats(await openChats(context), print);
      const reader = new SealedReader(await connectAsAdmin(options), '/archive');
      for await (const entry of reader.entries(signal)) print(entryLine(entry));
    },
  }),
  programCommand({
    name: 'search',
    about: 'Lists chats in which a name or a message holds a text; they are opened on this computer.',
    example: '--text invoice',
    options: { ...READING, text: textOption({ about: 'what to look for', fallback: undefined }) },
    main: async (context) => {
      const found = await openChats(context);
      const { text = '' } = context.options;
      printChats({ ...found, chats: searchChats(found.chats, text) }, context.print);
    },
  }),
  programCommand({
    name: 'export',
    about: 'Writes chats out, opened.',
    example: '--text invoice --format json --out chats.json',
    options: {
      ...READING,
      format: choiceOption({ about: 'how', values: EXPORT_FORMATS, fallback: 'text' }),
      text: textOption({ about: 'only chats in which a name or a message holds this', fallback: undefined }),
      out: textOption({ about: 'file to write; else standard output', ...OUT }),
    },
    main: async (context) => {
      const { text, format = 'text', out } = context.options;
      const { chats } = await openChats(context);
      const written = exportChats(text === undefined ? chats : searchChats(chats, text), format);
      if (out === undefined) process.stdout.write(written);
      else await writeWholeFile(out, written);
    },
  }),
  programCommand({
    name: 'delete',
    about: 'Deletes parts of chats for good, by their numbers; the relay’s audit log has who did it.',
    example: '--numbers 3,4',
    options: { ...RELAY_ACCESS, ...NUMBERS },
    main: deleteNumbers,
  }),
];

async function openChats({
  options,
  signal,
}: {
  readonly options: OptionValues<typeof READING>;
  readonly signal: AbortSignal;
}): Promise<ReadChats> {
  const api = await connectAsAdmin(options);
  const keys = await readSealKeys(options.keys, 'archive');
  const { since, until } = options;
  const times = {
    since: since === undefined ? 0 : Date.parse(since),
    until: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
  };
  return readChats(api, keys, times, signal);
}

function printChats({ chats, doubtful, unopened }: ReadChats, print: (line: string) => void): void {
  for (const { startedAt, operator, customer, messages, told, size, numbers, missing } of chats) {
    const names = `${shown(operator.name)} and ${shown(customer.name)}`;
    const facts = `${messages.length} messages, told by ${told.join(' and ')}, ${size} bytes`;
    const gaps = missing === 0 ? '' : `, ${missing} parts missing`;
    print(`${new Date(startedAt).toISOString()} ${names}: ${facts}, parts ${numbers.join(',')}${gaps}`);
  }
  for (const { number, doubt } of doubtful) print(`part ${number}: in no chat, ${doubt}`);
  for (const { number } of unopened) print(`part ${number}: this key doesn't open it`);
}

async function deleteNumbers({
  options,
  signal,
  print,
}: ProgramContext<typeof RELAY_ACCESS & typeof NUMBERS>): Promise<void> {
  const reader = new SealedReader(await connectAsAdmin(options), '/archive');
  for (const number of readNumbers(options.numbers)) {
    await reader.delete(number, signal);
    print(`${number} deleted`);
  }
}

/** Without a key something can be listed too; a key that is damaged is a mistake. */
function onlyMissing(error: unknown): undefined {
  const { code, data } = asLiveletError(error);
  if (code === 'organisation-key-unreadable' && data.problem === 'ENOENT') return undefined;
  throw error;
}
