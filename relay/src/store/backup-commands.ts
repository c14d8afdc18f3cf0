import { LiveletError } from '@livelet/core/wire';
import { type ProgramCommand, programCommand, textOption } from '@livelet/program';
import { required } from '../access/admin-options.js';
import { PROGRAM_OPTIONS } from '../program-options.js';
import { backupStore, restoreStore } from './backup.js';

const { stateDir, databaseUrl } = PROGRAM_OPTIONS;
const file = textOption({ about: 'the backup', placeholder: 'file', fallback: undefined });

/** `livelet-relay backup` and `restore`, for the embedded database. */
export const BACKUP_COMMANDS: readonly ProgramCommand[] = [
  command('backup', 'Copies the embedded database into a new file, also while the relay runs.', backupStore),
  command('restore', 'Puts a backup in the embedded database’s place; the relay must not run.', restoreStore),
];

function command(
  name: string,
  about: string,
  run: (stateDir: string, file: string) => Promise<void>,
): ProgramCommand {
  return programCommand({
    name,
    about,
    example: '--state-dir /var/lib/livelet-relay --file relay.backup',
    options: { file, stateDir, databaseUrl },
    main: async ({ options, print }) => {
      const named = required(options.file, 'file', 'the backup’s file');
      if (options.databaseUrl !== undefined) {
        const problem = 'the store is PostgreSQL, see docs/relay-data.md';
        throw new LiveletError('backup-invalid', problem, { data: { file: named, problem } });
      }
      await run(options.stateDir, named);
      print(`${name}: ${named}`);
    },
  });
}
