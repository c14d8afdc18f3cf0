import {
  AUDIO_TRACKS,
  type AudioDevice,
  type AudioTrack,
  type JsonValue,
  type Locale,
  type PanelContext,
} from '@livelet/core/page';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import {
  deviceKey,
  type HalfToPanel,
  type PanelToHalf,
  type SoundState,
  type TrackShown,
} from '../src/page-protocol.js';
import { panelStyles } from './panel-styles.js';
import { MARKS, problemText, type TextName, text, trackTexts } from './strings.js';

/** Whose device a track is: what this side gives, it can switch off; what it hears, the operator can stop hearing. */
const MINE: Readonly<Record<SoundState['role'], readonly AudioTrack[]>> = {
  answerer: ['hear', 'hear-computer'],
  caller: ['speak'],
};

/** What is open, how loud it is, and what the person can do about it. */
class SoundPanel extends LitElement {
  static override readonly properties = { locale: {}, state: { attribute: false } };
  static override readonly styles = panelStyles;
  declare locale: Locale;
  declare state: SoundState | undefined;
  context: PanelContext<HTMLElement> | undefined;

  constructor() {
    super();
    this.locale = 'en';
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (!state) return nothing;
    const shown = AUDIO_TRACKS.filter((track) => state.tracks[track].allowed || state.tracks[track].live);
    this.toggleAttribute('empty', shown.length === 0 && state.role === 'answerer');
    if (shown.length === 0) {
      return state.role === 'caller' ? html`<p class="ll-quiet-text">${this.#text('nothing')}</p>` : nothing;
    }
    return html`${state.blocked ? html`<button>${this.#text('blocked')}</button>` : nothing}
      ${shown.map((track) => this.#track(state, track, state.tracks[track]))} ${this.#devices(state)}`;
  }

  hear(message: HalfToPanel): void {
    if (message.type === 'level') {
      this.#showLevel(message.track, message.level);
      return;
    }
    const before = this.state;
    this.state = message;
    this.tellMarks();
    if (before) for (const track of AUDIO_TRACKS) this.#announce(before, message, track);
  }

  tellMarks(): void {
    const { state } = this;
    if (!state) return;
    const live = AUDIO_TRACKS.filter((track) => state.tracks[track].live);
    const marks = live.map((track) => {
      const isHeard = !MINE[state.role].includes(track);
      return isHeard && state.blocked ? this.#text('unheard') : MARKS[state.role][track][this.locale];
    });
    this.context?.marks([...new Set(marks)]);
  }

  #track(state: SoundState, track: AudioTrack, { muted, live, problem }: TrackShown): TemplateResult {
    const texts = trackTexts(state.role, track);
    const mine = MINE[state.role].includes(track);
    // What the other person has switched off there is nothing to stop hearing of.
    const canSwitch = mine || (state.role === 'caller' && (live || muted || problem !== undefined));
    return html`<section aria-label=${texts.title[this.locale]}>
      <h3>${texts.title[this.locale]}</h3>
      <p class="state ${live ? 'on' : ''}" data-track=${track} data-live=${live}>
        <span class="dot" aria-hidden="true"></span>${(live ? texts.on : muted ? (texts.muted ?? texts.off) : texts.off)[this.locale]}
      </p>
      ${
        live
          ? html`<meter min="0" max="1" value="0" data-track=${track} aria-label=${`${this.#text('level')}: ${texts.title[this.locale]}`}></meter>`
          : nothing
      }
      ${problem === undefined ? nothing : html`<p role="alert">${problemText(problem, track, mine, this.locale)}</p>`}
      ${
        canSwitch
          ? html`<button @click=${() => this.#switch(track, muted || problem !== undefined)}>
              ${(muted || problem !== undefined ? texts.turnOn : texts.turnOff)[this.locale]}
            </button>`
          : nothing
      }
    </section>`;
  }

  #devices(state: SoundState): TemplateResult {
    return html`<details @toggle=${this.#onToggle}>
      <summary>${this.#text('devices')}</summary>
      ${this.#choice('input', 'microphone', state.inputs, state.input)}
      ${this.#choice('output', 'loudspeaker', state.outputs, state.output)}
    </details>`;
  }

  #choice(
    what: 'input' | 'output',
    name: TextName,
    devices: readonly AudioDevice[],
    chosen: string,
  ): TemplateResult {
    return html`<label
      >${this.#text(name)}
      <select @change=${({ target }: Event) => this.#post({ type: what, device: (target as HTMLSelectElement).value })}>
        <option value="" ?selected=${chosen === ''}>${this.#text('automatic')}</option>
        ${devices.map((device) => {
          const key = deviceKey(device);
          const warning = device.place === 'host' ? ` (${this.#text('echoes')})` : '';
          return html`<option value=${key} ?selected=${chosen === key}>${device.label}${warning}</option>`;
        })}
      </select>
    </label>`;
  }

  /** Past Lit: ten times a second, and nothing else changes. */
  #showLevel(track: AudioTrack, level: number): void {
    const meter = this.renderRoot.querySelector<HTMLMeterElement>(`meter[data-track="${track}"]`);
    // What people hear as twice as loud is ten times the power: a straight scale would hardly move.
    if (meter) meter.value = level <= 0 ? 0 : Math.max(0, 1 + Math.log10(level) / 3);
  }

  #announce(before: SoundState, now: SoundState, track: AudioTrack): void {
    const [was, is] = [before.tracks[track], now.tracks[track]];
    const texts = trackTexts(now.role, track);
    if (was.live !== is.live) this.context?.announce((is.live ? texts.on : texts.off)[this.locale]);
    if (is.problem === undefined || is.problem === was.problem) return;
    this.context?.announce(problemText(is.problem, track, MINE[now.role].includes(track), this.locale));
  }

  /** One that failed is switched off and on again. */
  #switch(track: AudioTrack, on: boolean): void {
    if (on && this.state?.tracks[track].muted === false) this.#post({ type: 'mute', track, muted: true });
    this.#post({ type: 'mute', track, muted: !on });
  }

  readonly #onToggle = ({ target }: Event): void => {
    if ((target as HTMLDetailsElement).open) this.#post({ type: 'list' });
  };

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  #post(message: PanelToHalf): void {
    this.context?.port.post({ json: message as unknown as JsonValue });
  }
}

customElements.define('livelet-sound-panel', SoundPanel);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const panel = new SoundPanel();
  panel.context = context;
  panel.locale = context.locale;
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      panel.locale = locale;
      panel.tellMarks();
    }),
  );
  resources.use(context.port.onMessage(({ json }) => panel.hear(json as unknown as HalfToPanel)));
  context.root.append(panel);
  context.dress(panel.renderRoot);
  resources.defer(() => panel.remove());
  return resources;
}
