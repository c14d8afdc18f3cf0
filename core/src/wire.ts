/** `@livelet/core/wire`: what a relay and every command line need of core, without sessions and what those load. */
export * from './access/relay-api.js';
export * from './access/signed-request.js';
export { systemRandom } from './channel/crypto.js';
export {
  checkPublicKey,
  createIdentity,
  fingerprint,
  type Identity,
  identityFromSeed,
} from './channel/identity.js';
export * from './clock.js';
export * from './consent/capability.js';
export {
  type ProblemReport,
  REPORT_TEXTS,
  type ReportOutbox,
  type ReportSource,
} from './contracts/problem-report.js';
export * from './errors.js';
export * from './listeners.js';
export * from './localized-text.js';
export * from './sealed/archive-choice.js';
export * from './sealed/archive-grant.js';
export * from './sealed/envelope.js';
export { submitReport } from './sealed/hand-in.js';
export { openReport } from './sealed/problem-report.js';
export * from './sealed/transcript-part.js';
export * from './transport/deployment.js';
export * from './transport/proxy.js';
export * from './transport/relay-protocol.js';
export * from './transport/spki-pin.js';
export * from './transport/tcp-frames.js';
export * from './transport/tls-suites.js';
export { MAX_TRANSPORT_FRAME } from './transport/transport.js';
