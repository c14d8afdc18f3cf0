import { openReport } from '@livelet/core/wire';
import { listOption, type ProgramCommand, programCommand, textOption } from '@livelet/program';
import { connectAsAdmin } from '../access/admin-options.js';
import { entryLine, readNumbers } from '../archive-tool/entries.js';
import { makeSupportKey, readSealKeys } from '../archive-tool/key-folder.js';
import { RELAY_ACCESS } from '../archive-tool/relay-access.js';
import { SealedReader } from '../archive-tool/sealed-reader.js';
import { readSealedFile, writeReport } from './report-files.js';

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
    about: 'Opens one report from a file.',
    example: '--file livelet-report-2026-01-31.sealed',
    options: {
      ...KEYS,
      ...OUT,
      file: textOption({ about: 'the sealed report', placeholder: 'file', fallback: 'report.sealed' }),
    },
    main: async ({ options, print }) => {
      const keys = await readSealKeys(options.keys, 'support');
      const report = openReport(await readSealedFile(options.file), keys);
      for (const file of await writeReport(report, options.out, 'report')) print(file);
    },
  }),
  programCommand({
    name: 'list',
    about: 'Lists the reports that lie at the relay.',
    example: '--deployment deployment.json',
    options: RELAY_ACCESS,
    main: async ({ options, signal, print }) => {
      const reader = new SealedReader(await connectAsAdmin(options), '/reports');
      for await (const entry of reader.entries(signal)) print(entryLine(entry));
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
      for (const number of readNumbers(options.numbers)) {
        const report = openReport(await reader.envelope(number, signal), keys);
        for (const file of await writeReport(report, options.out, `report-${number}`)) print(file);
      }
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
