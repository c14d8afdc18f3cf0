/** `@livelet/core/page`: what code inside a page may use. Nothing here needs Node. */
import type { Capability } from './consent/capability.js';
import type { PagePort } from './contracts/page-port.js';
import type { Locale } from './localized-text.js';

/** What a plugin's panel gets from the page that mounts it. `Root` is HTMLElement; this package has no DOM. */
export interface PanelContext<Root = object> {
  /** An empty element of the slot; the panel fills it and nothing else. */
  readonly root: Root;
  /** To the plugin's own half in the host. */
  readonly port: PagePort;
  readonly locale: Locale;
  /** Language switched by the person. */
  onLocale(listener: (locale: Locale) => void): Disposable;
  /** Tells what just happened to people who can't see it, once and politely. */
  announce(text: string): void;
  /**
   * What is open here and the person should not forget, such as their microphone: short sentences, for as long as it is.
   * A page that scrolls keeps them in sight. They are not announced.
   */
  marks(sentences: readonly string[]): void;
  /**
   * Dresses a shadow root of the panel like the page: plain controls, the focus, and the theme's classes `ll-*`. Then
   * come the root's own sheets, then `css`. `<ll-icon name>` draws one of the project's icons in every page.
   * @param root a ShadowRoot; this package has no DOM
   */
  dress(root: object, css?: string): void;
  /**
   * A control of the page's own that asks the other person for a capability, and says how far that is: refused, and when
   * it can be asked for again. The panel puts it where it belongs. Absent where nothing can be asked for.
   */
  askControl?(capability: Capability): Root;
}

/** The shape of a module named by a UiContribution. */
export interface PanelModule<Root = object> {
  mount(context: PanelContext<Root>): Disposable;
}

export type { SessionConnection } from './channel/session-channel.js';
export { parseSessionCode, type SessionCode } from './channel/session-code.js';
export { CAPABILITIES, CAPABILITY_TEXT, type Capability } from './consent/capability.js';
export type { MissingSignature } from './consent/countersigning.js';
export type { Grant, GrantState } from './consent/grants.js';
export { MAX_OWN_NOTES } from './consent/own-notes.js';
export type { Interruption } from './consent/receipt.js';
export { gapTexts, type ReceiptGaps } from './consent/receipt-gaps.js';
export * from './contracts/audio.js';
export * from './contracts/camera.js';
export * from './contracts/capture.js';
export * from './contracts/capture-operations.js';
export * from './contracts/capture-viewer-wire.js';
export * from './contracts/capture-wire.js';
export * from './contracts/chat.js';
export type { ChatKeeping } from './contracts/chat-archive.js';
export * from './contracts/clipboard.js';
export * from './contracts/clipboard-png.js';
export * from './contracts/clipboard-wire.js';
export * from './contracts/file-names.js';
export * from './contracts/file-transfer.js';
export * from './contracts/image-size.js';
export * from './contracts/input.js';
export * from './contracts/input-keys.js';
export * from './contracts/input-wire.js';
export * from './contracts/page-port.js';
export * from './contracts/page-sound.js';
export * from './contracts/panel-page.js';
export * from './contracts/picture-sequence.js';
export type { UiContribution, UiSlot } from './contracts/plugin.js';
export * from './contracts/problem-report.js';
export { checkScreenSize } from './contracts/screen-size.js';
export * from './contracts/small-image.js';
export * from './contracts/stage-page.js';
export { durationText, timerText } from './duration-text.js';
export { asLiveletError, ERROR_CODES, type ErrorCode, type ErrorData, LiveletError } from './errors.js';
export { bestLocale, LOCALES, type Locale, type LocalizedText } from './localized-text.js';
export { timeOfDay } from './time-of-day.js';
export type { Route } from './transport/transport.js';
