import { CAPABILITY_TEXT, type Capability, timeOfDay, type UiSlot } from '@livelet/core/page';
import type { PanelWindow } from '@livelet/window/page';
import { html, nothing, render, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { LiveletView, PieceShown, SwitchShown } from '../src/page-protocol.js';
import { Background } from './background.js';
import { onDoubleEscape } from './double-escape.js';
import { focusHeading, type PageContext, type Step } from './page-context.js';
import { Pieces } from './pieces.js';
import { Question } from './question.js';
import { SmallWindow } from './small-window.js';

type PanelView = Extract<LiveletView, { step: 'panel' }>;

const MINUTE = 60_000;
/** For the program to answer a switch, ms. */
const ANSWER_LIMIT = 2000;
/** Their switches are always in sight; the others while they are on, and once they were. */
const ALWAYS_SHOWN: readonly Capability[] = ['view', 'control', 'chat'];
/** What needs the person first, or what they should not forget, stands above what they only may want. */
const FIRST: readonly (Capability | undefined)[] = ['view', 'record', 'camera', 'show-screen', 'show-camera'];

/** The control panel: in a small window that stays in front where there is one, else in the page itself. */
export class PanelStep implements Step<PanelView> {
  readonly #context: PageContext;
  readonly #resources = new DisposableStack();
  /** What the person has just switched, until the program says so too. */
  readonly #touched = new Map<Capability, { readonly on: boolean }>();
  readonly #shown = new Set<Capability>(ALWAYS_SHOWN);
  #view: PanelView;
  #small: SmallWindow | undefined;
  #pieces: Pieces;
  /** Pictures, which need the room that only the page itself has. */
  readonly #stage: Pieces;
  readonly #background: Background;
  #question: Question | undefined;
  #stopping = false;
  #nextMinute: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PageContext, view: PanelView, panelWindow: PanelWindow | undefined) {
    this.#context = context;
    this.#view = view;
    this.#showWhatIsOn();
    this.#resources.use(onDoubleEscape(document, this.#stop));
    if (panelWindow?.separate) {
      this.#small = new SmallWindow(panelWindow, this.#stop, () => this.#smallClosed());
    }
    this.#pieces = this.#panelPieces();
    this.#stage = this.#newStage();
    this.#background = this.#resources.use(new Background(context));
    this.#background.run(piecesIn('background', view));
    this.#resources.defer(() => clearTimeout(this.#nextMinute));
    this.#tick();
    this.#takeQuestion();
  }

  update(view: PanelView): void {
    const before = this.#view;
    this.#view = view;
    for (const now of view.switches) {
      const was = before.switches.find(({ capability }) => capability === now.capability);
      if (was?.on === now.on) continue;
      const touched = this.#touched.get(now.capability);
      if (touched?.on === now.on) this.#touched.delete(now.capability);
      if (touched) continue;
      this.#tell(now);
      if (now.on) this.#shown.add(now.capability);
    }
    this.#tellConnection(before);
    this.#pieces.show(panelPieces(view));
    this.#stage.show(piecesIn('stage', view));
    this.#background.run(piecesIn('background', view));
    this.#takeQuestion();
  }

  render(): TemplateResult {
    if (!this.#small) return html`${this.#panel()} ${this.#stage.element} ${this.#stopButton()}`;
    const { words } = this.#context;
    render(html`${this.#panel()} ${this.#stopButton()}`, this.#small.root);
    return html`
      <h1 tabindex="-1">${this.#sentence()}</h1>
      ${this.#view.reconnectingUntil === undefined ? nothing : this.#reconnecting(this.#view.reconnectingUntil)}
      <p>${words.inSmallWindow}</p>
      ${this.#stage.element} ${this.#stopButton()}
    `;
  }

  focus(root: ParentNode): void {
    focusHeading(this.#small?.root ?? root);
    if (this.#question) this.#question.focus(this.#small?.root ?? root);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
    this.#question?.[Symbol.dispose]();
    this.#pieces[Symbol.dispose]();
    this.#stage[Symbol.dispose]();
    this.#small?.[Symbol.dispose]();
  }

  get #document(): Document {
    return this.#small?.root.ownerDocument ?? document;
  }

  #panel(): TemplateResult {
    const { words, locale } = this.#context;
    const { startedAt, switches, reconnectingUntil } = this.#view;
    const inSight = switches.filter(({ capability }) => this.#shown.has(capability));
    const others = switches.filter(({ capability }) => !this.#shown.has(capability));
    return html`<div class="panel stack">
      <header>
        <h1 tabindex="-1">${this.#sentence()}</h1>
        <p class="quiet">
          ${words.since(timeOfDay(startedAt, locale))} ·
          <span role="timer">${words.lasting(Math.floor((Date.now() - startedAt) / MINUTE))}</span>
        </p>
      </header>
      ${reconnectingUntil === undefined ? nothing : this.#reconnecting(reconnectingUntil)}
      ${this.#question?.render() ?? nothing}
      <fieldset class="switches">
        <legend>${words.allowedNow}</legend>
        ${inSight.map((shown) => this.#switch(shown))}
        ${
          others.length === 0
            ? nothing
            : html`<details @toggle=${this.#onToggle}>
                <summary>${words.allowMore}</summary>
                ${others.map((shown) => this.#switch(shown))}
              </details>`
        }
      </fieldset>
      ${this.#pieces.element}
    </div>`;
  }

  #reconnecting(until: number): TemplateResult {
    const { words, locale } = this.#context;
    return html`<div class="ll-notice stack reconnecting">
      <p><strong>${words.reconnectingTitle}</strong> ${words.reconnectingText}</p>
      <p>${words.reconnectingUntil(timeOfDay(until, locale))}</p>
    </div>`;
  }

  #stopButton(): TemplateResult {
    const { words } = this.#context;
    const { marks } = this.#pieces;
    return html`<div class="stop">
      ${
        marks.length === 0
          ? nothing
          : html`<ul class="ll-marks" aria-label=${words.openNow}>
              ${marks.map(({ mark, recorded }) => html`<li class=${recorded ? 'recorded' : ''}>${mark}</li> `)}
            </ul>`
      }
      <button type="button" class="ll-stop large" aria-describedby="stop-hint" ?disabled=${this.#stopping}
        @click=${this.#stop}>
        ${this.#stopping ? words.stopping : words.stop}
      </button>
      <p id="stop-hint" class="quiet">${words.stopHint}</p>
    </div>`;
  }

  #switch({ capability, on, until }: SwitchShown): TemplateResult {
    const { words, localizer, locale } = this.#context;
    return html`<div class="switch">
      <input type="checkbox" role="switch" id=${`switch-${capability}`} .checked=${live(this.#touched.get(capability)?.on ?? on)}
        @change=${(event: Event) => this.#set(capability, (event.currentTarget as HTMLInputElement).checked)} />
      <label for=${`switch-${capability}`}>
        ${localizer.text(CAPABILITY_TEXT[capability])}
        ${until === undefined ? nothing : html`<span class="quiet">${words.until(timeOfDay(until, locale))}</span>`}
      </label>
    </div>`;
  }

  /** What was switched on among the others stays where it is until they are put away: then it is in sight. */
  readonly #onToggle = ({ currentTarget }: Event): void => {
    if ((currentTarget as HTMLDetailsElement).open) return;
    this.#showWhatIsOn();
    this.#context.changed();
  };

  #showWhatIsOn(): void {
    for (const { capability, on } of this.#view.switches) if (on) this.#shown.add(capability);
  }

  /** Once a minute: an idle session leaves the customer's computer at rest, and the panel is calm. */
  #tick(): void {
    const elapsed = Math.max(0, Date.now() - this.#view.startedAt);
    this.#nextMinute = setTimeout(
      () => {
        this.#context.changed();
        this.#tick();
      },
      MINUTE - (elapsed % MINUTE),
    );
  }

  #sentence(): string {
    const { words } = this.#context;
    const { helper, switches, reconnectingUntil } = this.#view;
    const name = helper.name || words.noName;
    if (reconnectingUntil !== undefined) return words.panelReconnecting(name);
    const on = (wanted: Capability) => switches.find((shown) => shown.capability === wanted && shown.on);
    const view = on('view');
    if (on('control')) {
      if (view === undefined) return words.panelControlOnly(name);
      return view.heldBack ? words.panelControlHeldBack(name) : words.panelControl(name);
    }
    if (view === undefined) return words.panelNothing(name);
    return view.heldBack ? words.panelViewHeldBack(name) : words.panelView(name);
  }

  #set(capability: Capability, on: boolean): void {
    const touched = { on };
    this.#touched.set(capability, touched);
    // The switch must not stay where it isn't true.
    setTimeout(() => {
      if (this.#resources.disposed || this.#touched.get(capability) !== touched) return;
      this.#touched.delete(capability);
      this.#context.changed();
    }, ANSWER_LIMIT);
    this.#context.send({ type: 'switch', capability, on });
  }

  #tell({ capability, on }: SwitchShown): void {
    const { words, localizer } = this.#context;
    const what = localizer.text(CAPABILITY_TEXT[capability]);
    this.#announce(on ? words.switchedOn(what) : words.switchedOff(what));
  }

  #tellConnection({ reconnectingUntil: before }: PanelView): void {
    const { words } = this.#context;
    const now = this.#view.reconnectingUntil;
    if ((before === undefined) === (now === undefined)) return;
    this.#announce(
      now === undefined ? words.reconnected : `${words.reconnectingTitle} ${words.reconnectingText}`,
    );
  }

  #announce(text: string): void {
    if (this.#small) this.#small.announcer.announce(text);
    else this.#context.announce(text);
  }

  #takeQuestion(): void {
    const { question, helper } = this.#view;
    if (question?.id === this.#question?.shown.id) return;
    this.#question?.[Symbol.dispose]();
    this.#question = undefined;
    if (!question) return;
    const asked = new Question(
      this.#context,
      question,
      helper.name || this.#context.words.noName,
      this.#document,
    );
    this.#announce(asked.title);
    // It would be behind a picture that fills the screen.
    if (document.fullscreenElement) void document.exitFullscreen();
    this.#question = asked;
    // Once it is in the page.
    queueMicrotask(() => {
      if (this.#question === asked) asked.focus(this.#document);
    });
  }

  readonly #stop = (): void => {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#context.send({ type: 'stop' });
    this.#context.changed();
  };

  /** The small window was closed by its own cross: the panel goes on in the page. */
  #smallClosed(): void {
    this.#small?.[Symbol.dispose]();
    this.#small = undefined;
    this.#mountPieces();
    this.#context.changed();
  }

  #newStage(): Pieces {
    const stage = new Pieces(document, this.#context, piecesIn('stage', this.#view));
    stage.element.classList.add('wide');
    return stage;
  }

  #panelPieces(): Pieces {
    const announce = (text: string): void => this.#announce(text);
    const options = { headings: true, announce };
    return new Pieces(this.#document, this.#context, panelPieces(this.#view), options);
  }

  #mountPieces(): void {
    this.#pieces[Symbol.dispose]();
    this.#pieces = this.#panelPieces();
  }
}

/** The pieces for a place whose capability is granted now. */
function piecesIn(place: UiSlot, { pieces, switches }: PanelView): readonly PieceShown[] {
  const granted = new Set(switches.filter(({ on }) => on).map(({ capability }) => capability));
  return pieces.filter(
    ({ contribution: { slot, capability } }) =>
      slot === place && (capability === undefined || granted.has(capability)),
  );
}

function panelPieces(view: PanelView): readonly PieceShown[] {
  const rank = ({ contribution: { capability } }: PieceShown): number =>
    FIRST.includes(capability) ? FIRST.indexOf(capability) : FIRST.length;
  return piecesIn('control-panel', view).toSorted((one, other) => rank(one) - rank(other));
}
