import { basename } from 'node:path';
import {
  asLiveletError,
  LiveletError,
  MAX_ENVELOPE,
  openReport,
  type ProblemReport,
  type SealKeys,
} from '@livelet/core/wire';
import { listOption, type ProgramCommand, programCommand, readNamedFile, textOption } from '@livelet/program';
import { connectAsAdmin } from '../access/admin-options.js';
import { readNumbers } from '../archive-tool/entries.js';
import { makeSupportKey, readSealKeys } from '../archive-tool/key-folder.js';
import { RELAY_ACCESS } from '../archive-tool/relay-access.js';
import { SealedReader } from '../archive-tool/sealed-reader.js';
import { writeReport } from './report-files.js';

const KEYS = {
  keys: textOption({
    about: 'folder with support.key',
    placeholder: 'folder',
    fallback: 'organisation',
  }),
};
const OUT = {
  out: textOption({ about: 'folder that opened reports go to', placeholder: 'folder', fallback: 'reports' }),
};
const NUMBERS = { numbers: listOption({ about: 'numbers of what is meant, as `list` shows them' }) };

export const REPORT_COMMANDS: readonly ProgramCommand[] = [
  programCommand({
    name: 'keys',
    about: 'Makes the support key, if there is none, and prints what deployment.json names it by.',
    example: '--keys organisation',
    options: KEYS,
    main: async ({ options, print }) => {
      const { publicKey } = await makeSupportKey(options.keys);
      print(`supportKey: ${Buffer.from(publicKey).toString('base64')}`);
    },
  }),
  programCommand({
    name: 'open',
    about: 'Opens one report from a file, into a folder of the file’s name.',
    example: '--file livelet-report-2026-01-31-101500.sealed',
    options: {
      ...KEYS,
      ...OUT,
      file: textOption({ about: 'the sealed report', placeholder: 'file', fallback: 'report.sealed' }),
    },
    main: async ({ options, print }) => {
      const keys = await readSealKeys(options.keys, 'support');
      const envelope = await readNamedFile(options.file, MAX_ENVELOPE.report, '--file');
      const report = opened(Uint8Array.from(envelope), keys, options.file);
      const name = basename(options.file, '.sealed') || 'report';
      for (const file of await writeReport(report, options.out, name)) print(file);
    },
  }),
  programCommand({
    name: 'list',
    about: 'Lists the reports that lie at the relay: number, time, size. None says who sent it.',
    example: '--deployment deployment.json',
    options: RELAY_ACCESS,
    main: async ({ options, signal, print }) => {
      const reader = new SealedReader(await connectAsAdmin(options), '/reports');
      for await (const entry of reader.entries(signal)) {
        print(`${entry.number} ${new Date(entry.receivedAt).toISOString()} ${entry.size} bytes`);
      }
    },
  }),
  programCommand({
    name: 'fetch',
    about: 'Brings reports from the relay and opens them.',
    example: '--numbers 3,4 --out reports',
    options: { ...RELAY_ACCESS, ...KEYS, ...NUMBERS, ...OUT },
    main: async ({ options, signal, print }) => {
      const keys = await readSealKeys(options.keys, 'support');
      const reader = new SealedReader(await connectAsAdmin(options), '/reports');
      const unopened: LiveletError[] = [];
      for (const number of readNumbers(options.numbers)) {
        const envelope = await reader.envelope(number, signal);
        try {
          const report = opened(envelope, keys, `--numbers ${number}`);
          for (const file of await writeReport(report, options.out, `report-${number}`)) print(file);
        } catch (error) {
          // Anybody can send one: what isn't a report keeps no other from being read.
          if (asLiveletError(error).code !== 'sealed-malformed') throw error;
          unopened.push(asLiveletError(error));
        }
      }
      const [first] = unopened;
      const file = unopened.map(({ data }) => data.file).join(', ');
      if (first) throw new LiveletError('sealed-malformed', file, { cause: first, data: { file } });
    },
  }),
  programCommand({
    name: 'delete',
    about: 'Deletes reports at the relay for good; its audit log has who did it.',
    example: '--numbers 3,4',
    options: { ...RELAY_ACCESS, ...NUMBERS },
    main: async ({ options, signal, print }) => {
      const reader = new SealedReader(await connectAsAdmin(options), '/reports');
      for (const number of readNumbers(options.numbers)) {
        await reader.delete(number, signal);
        print(`${number} deleted`);
      }
    },
  }),
];

/** @param file where it came from, for the message */
function opened(envelope: Uint8Array, keys: SealKeys, file: string): ProblemReport {
  try {
    return openReport(envelope, keys);
  } catch (cause) {
    throw new LiveletError('sealed-malformed', file, { cause, data: { file } });
  }
}
