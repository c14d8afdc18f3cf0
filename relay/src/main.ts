import { existsSync } from 'node:fs';
import { runProgram } from '@livelet/program';
import { ADMIN_COMMANDS } from './access/admin-commands.js';
import { RESET_COMMAND } from './access/reset-command.js';
import { operationLog } from './log.js';
import { PROGRAM_OPTIONS } from './program-options.js';
import { startRelay } from './relay.js';
import { BACKUP_COMMANDS } from './store/backup-commands.js';
import { RELAY_VERSION } from './version.js';

await runProgram({
  name: 'livelet-relay',
  version: RELAY_VERSION,
  about: 'Joins operator and customer for a support session that it can’t read.',
  example: '--port 7443 --public-url wss://relay.example:7443 --region EU',
  options: PROGRAM_OPTIONS,
  commands: [...ADMIN_COMMANDS, RESET_COMMAND, ...BACKUP_COMMANDS],
  main: async ({ options, signal, logDestination, print, onHangUp }) => {
    const log = operationLog(logDestination);
    await using relay = await startRelay({ ...options, settings: options, log });
    onHangUp(() => void relay.reloadCertificate());
    print(`relay: ${relay.url}`);
    print(`deployment file: ${relay.deploymentFile}`);
    if (existsSync(relay.firstAdminFile)) print(`first administrator: ${relay.firstAdminFile}`);
    await new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      else signal.addEventListener('abort', resolve, { once: true });
    });
    await relay.drain();
  },
});
