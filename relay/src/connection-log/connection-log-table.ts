/** What is remembered of connections, and nothing else: for 30 days. */
export interface ConnectionLogTable {
  /** ms since 1970 */
  readonly time: number;
  readonly event: string;
  /** Random, made for the log. */
  readonly session: string | null;
  /** Address. */
  readonly source: string | null;
  readonly transport: string | null;
  /** `TLSv1.2` or `TLSv1.3` */
  readonly tls: string | null;
  /** Name of a CloseReason. */
  readonly reason: string | null;
  /** Bytes of frames passed on. */
  readonly operator_to_customer: number | null;
  readonly customer_to_operator: number | null;
}
