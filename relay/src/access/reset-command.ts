import { systemClock } from '@livelet/core/wire';
import { type ProgramCommand, programCommand } from '@livelet/program';
import { PROGRAM_OPTIONS } from '../program-options.js';
import { openStore, type StorePlace } from '../store/open-store.js';
import { AuditLog } from './audit-log.js';
import { Changes } from './changes.js';

const { stateDir, databaseUrl } = PROGRAM_OPTIONS;

/** `livelet-relay admin reset`: for when the only administrator's key is lost. */
export const RESET_COMMAND: ProgramCommand = programCommand({
  name: 'admin reset',
  about: 'Takes all administrators’ rights away, so that the next start makes a first-admin.token.',
  example: '--state-dir /var/lib/livelet-relay',
  options: { stateDir, databaseUrl },
  main: async ({ options, locale, print }) => {
    await revokeAdmins({ stateDir: options.stateDir, url: options.databaseUrl });
    print(
      {
        en: 'No administrator is left. Start the relay: it makes a new first-admin.token.',
        it: 'Non resta nessun amministratore. Avvia il relay: crea un nuovo first-admin.token.',
      }[locale],
    );
  },
});

/** The relay must not run: it keeps operators in memory. @throws `store-in-use` on the embedded database */
async function revokeAdmins(place: StorePlace): Promise<void> {
  await using store = await openStore({ ...place, alone: true });
  const audit = new AuditLog(store.db, systemClock);
  await new Changes(store.db).make(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('operators')
      .set({ revoked_at: Math.floor(systemClock.wallTime()) })
      .where('role', '=', 'admin')
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    // Whoever stole the key may have invited themselves.
    const { numDeletedRows } = await transaction
      .deleteFrom('invitations')
      .where('used_at', 'is', null)
      .executeTakeFirst();
    const details = { revoked: Number(numUpdatedRows), invitations: Number(numDeletedRows) };
    await audit.append(transaction, { actor: 'relay', action: 'admins.reset', details });
  });
}
