import {
  type Capability,
  type ErrorCode,
  PANEL_KEYBOARD_EVENT,
  type QualityPreset,
  STAGE_MEASUREMENTS_EVENT,
  STAGE_QUALITY_EVENT,
  STAGE_ZOOM_EVENT,
} from '@livelet/core/page';
import type { About, ConnectionQuality, ContributionShown } from '@livelet/operator/page-protocol';
import { errorText, type HostConnection } from '@livelet/window/page';
import { html, nothing, type TemplateResult } from 'lit';
import { AskControls } from './ask-controls.js';
import { sendCommand } from './command.js';
import type { EndDialog } from './end-dialog.js';
import './end-dialog.js';
import { focused } from './focused.js';
import type { FullScreenBar } from './full-screen-bar.js';
import './full-screen-bar.js';
import { askableIn, grantOf, isGranted, isReconnecting, modeOf, type SessionState } from './grants.js';
import { announcer, LocalizedElement, localizer } from './page-context.js';
import './panel-divider.js';
import { showNote } from './page-note.js';
import { mountPlugins } from './plugin-slots.js';
import type { QualityMeter } from './quality-meter.js';
import { keepScreenshot } from './screenshot.js';
import type { SessionToolbar } from './session-toolbar.js';
import './session-toolbar.js';
import { sessionViewStyles } from './session-view-styles.js';
import { KEYS } from './shortcuts.js';
import { DETAILS_TAB, tabOf } from './side-panel.js';
import './side-panel.js';
import './stage-cover.js';
import { tellPlaces } from './stage-places.js';
import './status-line.js';
import { shared } from './styles.js';
import type { ToolbarAction } from './toolbar-action.js';

/** How long a refused request, or what became of a picture, stays on the page, ms. */
const REFUSAL_SHOWN = 6000;

/** A session: the toolbar, the stage, the side panel. Mounts the plugins' pieces once and keeps them. */
export class SessionView extends LocalizedElement {
  static override readonly properties = {
    state: { attribute: false },
    about: { attribute: false },
    connection: { attribute: false },
    panelOpen: { state: true },
    tab: { state: true },
    refusal: { state: true },
    unread: { state: true },
    marks: { state: true },
    hasPicture: { state: true },
    zoomLabel: { state: true },
    preset: { state: true },
    measured: { state: true },
    kept: { state: true },
  };
  declare state: SessionState;
  declare about: About | undefined;
  declare connection: HostConnection | undefined;
  /** Undefined: open once the customer has decided something. */
  declare panelOpen: boolean | undefined;
  declare tab: string;
  declare refusal: ErrorCode | undefined;
  declare unread: ReadonlyMap<string, number>;
  /** What is open in the plugins' pieces. */
  declare marks: readonly string[];
  /** The stage shows one. */
  declare hasPicture: boolean;
  declare zoomLabel: string;
  declare preset: QualityPreset;
  declare measured: boolean;
  /** What became of a picture that was to be kept. */
  declare kept: string | undefined;

  #mounted: Disposable | undefined;
  /** Those in the plugins' pieces. */
  readonly #asks = new AskControls();
  #places: Disposable | undefined;
  #refusalTimer: ReturnType<typeof setTimeout> | undefined;
  #keptTimer: ReturnType<typeof setTimeout> | undefined;
  /** A panel that gets the keyboard as soon as it is seen. */
  #awaited: IntersectionObserver | undefined;

  constructor() {
    super();
    this.tab = DETAILS_TAB;
    this.zoomLabel = '';
    this.preset = 'automatic';
    this.measured = false;
    this.unread = new Map();
    this.marks = [];
    this.hasPicture = false;
  }

  override render(): TemplateResult {
    const { state, about } = this;
    const lost = isReconnecting(state);
    const viewing = isGranted(state, 'view');
    return html`<session-toolbar
        .state=${state}
        .help=${about?.help}
        .panelOpen=${this.#isPanelOpen}
        .hasPicture=${this.hasPicture}
        .zoomLabel=${this.zoomLabel}
        .preset=${this.preset}
        .measured=${this.measured}
        .unread=${this.#isPanelOpen ? 0 : total(this.unread)}
        @toolbar-action=${this.#onAction}
      >
        <div class="tools" slot="tools" ?inert=${lost}></div>
      </session-toolbar>
      <div class="middle">
        <section class="stage" aria-label=${this.strings.stage}>
          <div class=${lost && viewing ? 'picture dimmed' : 'picture'} ?inert=${lost || !viewing}></div>
          ${this.refusal === undefined ? nothing : this.#refused(this.refusal)}
          ${this.kept === undefined ? nothing : html`<p class="refusal ll-small">${this.kept}</p>`}
          ${viewing && !lost ? nothing : html`<stage-cover .state=${state}></stage-cover>`}
          <status-line .marks=${this.marks}></status-line>
          <full-screen-bar @toolbar-action=${this.#onAction}></full-screen-bar>
        </section>
        <panel-divider ?hidden=${!this.#isPanelOpen}></panel-divider>
        <side-panel
          ?hidden=${!this.#isPanelOpen}
          .state=${state}
          .about=${about}
          .tab=${this.tab}
          .unread=${this.unread}
          @tab-chosen=${(event: CustomEvent<string>) => {
            this.tab = event.detail;
          }}
        ></side-panel>
      </div>
      <div class="background" hidden></div>
      <end-dialog .peerName=${state.peer.name}></end-dialog>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#places?.[Symbol.dispose]();
    this.#awaited?.disconnect();
    clearTimeout(this.#refusalTimer);
    clearTimeout(this.#keptTimer);
    this.#mounted?.[Symbol.dispose]();
  }

  protected override firstUpdated(): void {
    const first = this.#panels[0];
    if (first) this.tab = tabOf(first);
    const stage = this.#picture;
    const tools = this.renderRoot.querySelector<HTMLElement>('.tools');
    const panel = this.renderRoot.querySelector<HTMLElement>('side-panel');
    const background = this.renderRoot.querySelector<HTMLElement>('.background');
    const [over, line] = ['.stage', 'status-line'].map((place) => this.renderRoot.querySelector(place));
    if (over && line) this.#places = tellPlaces(over, line);
    if (!this.connection || !tools || !panel || !background) return;
    const places = { stage, tools, panel, background };
    this.#mounted = mountPlugins(this.state.contributions, places, this.connection, {
      statistics: (statistics) => this.#quality?.showStage(statistics),
      geometry: ({ scale }) => {
        this.zoomLabel = `${Math.round(scale * devicePixelRatio * 100)} %`;
      },
      shown: (isShown) => {
        this.hasPicture = isShown;
      },
      unread: (tab, count) => {
        if (document.fullscreenElement && count > (this.unread.get(tab) ?? 0)) this.#noteUnread(tab, count);
        this.unread = new Map(this.unread).set(tab, count);
      },
      front: (tab) => {
        this.panelOpen = true;
        this.tab = tab;
      },
      askControl: (capability) => this.#asks.make(capability, this.state),
      marks: (sentences) => {
        this.marks = sentences;
      },
      failed: () => this.showRefusal('plugin-load-failed'),
    });
  }

  protected override updated(): void {
    this.#asks.follow(this.state);
  }

  /** Once a second at most, and past Lit: only the numbers change. */
  showQuality(quality: ConnectionQuality): void {
    this.#quality?.showQuality(quality);
  }

  /** Says that something asked for didn't work. The state is what it was. */
  showRefusal(code: ErrorCode): void {
    this.refusal = code;
    clearTimeout(this.#refusalTimer);
    this.#refusalTimer = setTimeout(() => {
      this.refusal = undefined;
    }, REFUSAL_SHOWN);
  }

  /** A shortcut. @returns whether it was one */
  takeKey({ key }: KeyboardEvent): boolean {
    this.#awaited?.disconnect();
    switch (key.toUpperCase()) {
      case KEYS.view:
        return this.#ask('view');
      case KEYS.control:
        return this.#ask('control');
      case KEYS.chat:
        return this.#chat();
      case KEYS.panel:
        return this.#act('panel');
      case KEYS.fullScreen:
        return this.#act('full-screen');
      case KEYS.end:
        return this.#act('end');
      case KEYS.screenshot:
        return this.#act({ screenshot: 'plain' });
      case KEYS.measurements:
        return this.#act('measurements');
      default:
        return this.#zoomKey(key);
    }
  }

  #zoomKey(key: string): boolean {
    switch (key) {
      case KEYS.fit:
        return this.#act({ zoom: 'fit' });
      case KEYS.actualSize:
        return this.#act({ zoom: 'actual' });
      case KEYS.zoomIn:
        return this.#act({ zoom: 'in' });
      case KEYS.zoomOut:
        return this.#act({ zoom: 'out' });
      default:
        return false;
    }
  }

  get #isPanelOpen(): boolean {
    return this.panelOpen ?? modeOf(this.state) !== 'deciding';
  }

  get #quality(): QualityMeter | null | undefined {
    return this.renderRoot.querySelector<SessionToolbar>('session-toolbar')?.quality;
  }

  get #picture(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.picture') ?? this;
  }

  get #panels(): readonly ContributionShown[] {
    return this.state.contributions.filter(({ slot }) => slot === 'side-panel');
  }

  #refused(code: ErrorCode): TemplateResult {
    const { what, next } = errorText(code, localizer.locale);
    return html`<p class="refusal ll-small" role="alert"><strong>${what}</strong> ${next}</p>`;
  }

  #ask(capability: Capability): boolean {
    if (isReconnecting(this.state)) return true;
    if (askableIn(grantOf(this.state, capability), Date.now()) !== 0) return true;
    sendCommand(this, { type: 'ask', capability });
    return true;
  }

  #chat(): boolean {
    const chat = this.#panels.find(({ capability }) => capability === 'chat');
    if (!chat) return true;
    const tab = tabOf(chat);
    this.panelOpen = true;
    this.tab = tab;
    // The panel is beside the stage, which gives the keyboard back to what had it before it filled the screen.
    if (document.fullscreenElement) {
      document.addEventListener('fullscreenchange', () => this.#giveKeyboard(tab), { once: true });
      void document.exitFullscreen();
    } else this.#giveKeyboard(tab);
    return isGranted(this.state, 'chat') || this.#ask('chat');
  }

  /** Once the panel can be seen, which may be when the customer has said yes; unless the person went elsewhere meanwhile. */
  #giveKeyboard(tab: string): void {
    this.#awaited?.disconnect();
    const before = focused();
    const panel = this.renderRoot.querySelector(`.place[slot="${tab}"] > .ll-panel`);
    const awaited = new IntersectionObserver((seen) => {
      if (!seen.at(-1)?.isIntersecting) return;
      awaited.disconnect();
      if (focused() === before) panel?.dispatchEvent(new CustomEvent(PANEL_KEYBOARD_EVENT));
    });
    this.#awaited = awaited;
    if (panel) awaited.observe(panel);
  }

  #noteUnread(tab: string, count: number): void {
    const piece = this.#panels.find((each) => tabOf(each) === tab);
    if (piece) showNote(this, this.strings.unreadBeside(localizer.text(piece.title), count));
  }

  readonly #onAction = (event: Event): void => void this.#act((event as CustomEvent<ToolbarAction>).detail);

  #act(action: ToolbarAction): boolean {
    if (action === 'panel') this.panelOpen = !this.#isPanelOpen;
    else if (action === 'full-screen') this.#toggleFullScreen();
    else if (action === 'end') this.#askToEnd();
    else if (action === 'measurements') this.#toggleMeasurements();
    else if ('quality' in action) this.#prefer(action.quality);
    else if ('screenshot' in action) void this.#keep(action.screenshot === 'with-cursor');
    else this.tellStage(STAGE_ZOOM_EVENT, action.zoom);
    return true;
  }

  /** Passes something on to the plugins' pieces on the stage. */
  tellStage(type: string, detail: unknown): void {
    this.#picture.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #toggleMeasurements(): void {
    this.measured = !this.measured;
    this.tellStage(STAGE_MEASUREMENTS_EVENT, this.measured);
  }

  #prefer(preset: QualityPreset): void {
    this.preset = preset;
    this.tellStage(STAGE_QUALITY_EVENT, preset);
  }

  async #keep(cursor: boolean): Promise<void> {
    if (!isGranted(this.state, 'view')) return;
    this.kept = await keepScreenshot(this.#picture, cursor);
    announcer.announce(this.kept);
    clearTimeout(this.#keptTimer);
    this.#keptTimer = setTimeout(() => {
      this.kept = undefined;
    }, REFUSAL_SHOWN);
  }

  #askToEnd(): void {
    if (!this.state.ending) this.renderRoot.querySelector<EndDialog>('end-dialog')?.show();
  }

  #toggleFullScreen(): void {
    const stage = this.renderRoot.querySelector('.stage');
    if (document.fullscreenElement) {
      void document.exitFullscreen();
      return;
    }
    this.renderRoot.querySelector<FullScreenBar>('full-screen-bar')?.keepFocus();
    // A browser may refuse; then the window stays as it is.
    stage?.requestFullscreen().catch(() => undefined);
  }

  static override readonly styles = [...shared, sessionViewStyles];
}
customElements.define('session-view', SessionView);

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
