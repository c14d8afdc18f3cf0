import type {
  AuditLogTable,
  InvitationTable,
  OperatorTable,
  OrganisationTable,
  SessionHistoryTable,
} from '../access/access-tables.js';
import type { SealedItemTable, SealedUsageTable } from '../archive/sealed-tables.js';
import type { ConnectionLogTable } from '../connection-log/connection-log-table.js';

/** Every table of the store. Both engines have the same; times are ms since 1970, bytes are `Uint8Array`. */
export interface Tables {
  connection_log: ConnectionLogTable;
  organisation: OrganisationTable;
  operators: OperatorTable;
  invitations: InvitationTable;
  audit_log: AuditLogTable;
  session_history: SessionHistoryTable;
  sealed_items: SealedItemTable;
  sealed_usage: SealedUsageTable;
}
