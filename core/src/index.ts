export * from './access/relay-api.js';
export * from './access/signed-request.js';
export * from './arrival-limit.js';
export { acceptLimited } from './channel/accept-limited.js';
export { freeMemory } from './channel/bytes.js';
export {
  type ConnectOptions,
  type ConnectStep,
  connectSession,
} from './channel/connect-session.js';
export { type RandomSource, systemRandom } from './channel/crypto.js';
export type { EndReason } from './channel/frames.js';
export { GrantedStream } from './channel/granted-stream.js';
export {
  type CustomerHandshake,
  customerHandshake,
  type OperatorHandshake,
  operatorHandshake,
} from './channel/handshake.js';
export { HANDSHAKE_SIZES } from './channel/handshake-messages.js';
export type { HandshakeOptions } from './channel/handshake-steps.js';
export { holdStreams } from './channel/held-streams.js';
export {
  createIdentity,
  fingerprint,
  type Identity,
  identityFromSeed,
  MAX_NAME_BYTES,
} from './channel/identity.js';
export type { SessionKeys } from './channel/key-schedule.js';
export { type MessageStream, messageStream } from './channel/message-stream.js';
export type { Redial } from './channel/reconnector.js';
export { CALL_DEADLINE } from './channel/rpc.js';
export { MAX_CONCURRENT_CALLS, MAX_RPC_MESSAGE } from './channel/rpc-messages.js';
export * from './channel/session-channel.js';
export * from './channel/session-code.js';
export * from './channel/session-end.js';
export * from './channel/streams.js';
export * from './clock.js';
export * from './composition/host-container.js';
export type { HostedSession, OwnedContribution } from './composition/hosted-session.js';
export type { StandingPlugins } from './composition/standing-plugins.js';
export type { AgreedFacts, ReceiptPerson, SharedNote } from './consent/agreed-facts.js';
export { ASK_REST, AskRests } from './consent/ask-rests.js';
export * from './consent/capability.js';
export {
  type AgreedPart,
  MISSING_SIGNATURE,
  type MissingSignature,
} from './consent/countersigning.js';
export * from './consent/grants.js';
export * from './consent/kept-receipt.js';
export * from './consent/noted-texts.js';
export {
  type GrantOptions,
  MAX_GRANT_DURATION,
  type OwnGrantsControl,
} from './consent/own-grants.js';
export * from './consent/own-notes.js';
export type {
  GrantedTime,
  Interruption,
  Receipt,
  ReceiptEntry,
  ReceiptSummary,
} from './consent/receipt.js';
export * from './consent/receipt-check.js';
export * from './consent/receipt-comparison.js';
export * from './consent/receipt-gaps.js';
export * from './consent/receipt-lines.js';
export * from './consent/signed-receipt.js';
export * from './contracts/audio.js';
export * from './contracts/audio-wire.js';
export * from './contracts/camera.js';
export * from './contracts/camera-wire.js';
export * from './contracts/capture.js';
export * from './contracts/capture-operations.js';
export * from './contracts/capture-viewer-wire.js';
export * from './contracts/capture-wire.js';
export * from './contracts/chat.js';
export * from './contracts/chat-archive.js';
export * from './contracts/clipboard.js';
export * from './contracts/clipboard-png.js';
export * from './contracts/clipboard-wire.js';
export * from './contracts/demo.js';
export * from './contracts/desktop.js';
export * from './contracts/display.js';
export * from './contracts/file-names.js';
export * from './contracts/file-offering.js';
export * from './contracts/file-transfer.js';
export * from './contracts/file-wire.js';
export * from './contracts/held-back.js';
export * from './contracts/image-size.js';
export * from './contracts/input.js';
export * from './contracts/input-keys.js';
export * from './contracts/input-wire.js';
export * from './contracts/page-port.js';
export * from './contracts/page-sound.js';
export * from './contracts/panel-page.js';
export * from './contracts/picture-sequence.js';
export * from './contracts/plugin.js';
export * from './contracts/problem-report.js';
export * from './contracts/receipt-notes.js';
export * from './contracts/recorded-note.js';
export * from './contracts/recording.js';
export * from './contracts/screen-size.js';
export * from './contracts/session.js';
export * from './contracts/small-image.js';
export * from './contracts/stage-page.js';
export * from './contracts/video-size.js';
export * from './errors.js';
export * from './localized-text.js';
export { type LoadedPlugin, type PluginChoice, pluginFolder } from './plugins/loader.js';
export { parseManifest } from './plugins/manifest.js';
export * from './sealed/archive-choice.js';
export * from './sealed/archive-grant.js';
export * from './sealed/envelope.js';
export * from './sealed/hand-in.js';
export * from './sealed/problem-report.js';
export * from './sealed/session-archive.js';
export * from './sealed/transcript-part.js';
export * from './transport/deployment.js';
export * from './transport/proxy.js';
export * from './transport/relay-protocol.js';
export * from './transport/rendezvous.js';
export * from './transport/spki-pin.js';
export { type DialTlsOptions, dialTls } from './transport/tls-dial.js';
export * from './transport/tls-suites.js';
export * from './transport/transport.js';
