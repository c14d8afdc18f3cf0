/** What both sides of a connection to a relay accept, and nothing else: no negotiation below it. */
export const RELAY_TLS = {
  minVersion: 'TLSv1.2',
  /** OpenSSL's names. */
  ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384',
} as const;
