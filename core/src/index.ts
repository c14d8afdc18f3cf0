export { type RandomSource, systemRandom } from './channel/crypto.js';
export {
  type CustomerHandshake,
  customerHandshake,
  type OperatorHandshake,
  operatorHandshake,
} from './channel/handshake.js';
export { HANDSHAKE_SIZES, PROTOCOL_VERSION } from './channel/handshake-messages.js';
export type { HandshakeOptions } from './channel/handshake-steps.js';
export * from './channel/identity.js';
export type { SessionKeys } from './channel/key-schedule.js';
export * from './channel/records.js';
export { SAS_WORDS, sasWords } from './channel/sas-words.js';
export * from './channel/session-code.js';
export * from './channel/streams.js';
export * from './clock.js';
export * from './composition/host-container.js';
export type { HostedSession } from './composition/hosted-session.js';
export * from './consent/capability.js';
export * from './consent/grants.js';
export * from './contracts/byte-cursor.js';
export * from './contracts/capture.js';
export * from './contracts/capture-wire.js';
export * from './contracts/chat.js';
export * from './contracts/display.js';
export * from './contracts/image-size.js';
export * from './contracts/input.js';
export * from './contracts/input-keys.js';
export * from './contracts/input-wire.js';
export * from './contracts/page-port.js';
export * from './contracts/picture-sequence.js';
export * from './contracts/plugin.js';
export * from './contracts/session.js';
export * from './errors.js';
export * from './localized-text.js';
export * from './plugins/loader.js';
export { parseManifest } from './plugins/manifest.js';
export { closeError } from './transport/close-error.js';
export * from './transport/deployment.js';
export * from './transport/dial.js';
export * from './transport/relay-protocol.js';
export * from './transport/rendezvous.js';
export * from './transport/spki-pin.js';
export * from './transport/tls-suites.js';
export * from './transport/transport.js';
export { WebSocketTransport } from './transport/websocket.js';
