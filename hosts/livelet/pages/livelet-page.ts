import { LOCALES, type Locale, type PagePort } from '@livelet/core/page';
import {
  Announcer,
  HelpDialog,
  type HostConnection,
  type Localizer,
  openPanelWindow,
  type PanelWindow,
} from '@livelet/window/page';
import { html, nothing, render, type TemplateResult } from 'lit';
import {
  type HostToPage,
  type LiveletView,
  PAGE_PORT,
  type PageToHost,
  type PieceShown,
} from '../src/page-protocol.js';
import { CodeStep } from './code-step.js';
import { EndedStep } from './ended-step.js';
import { focusHeading, type PageContext, type Step } from './page-context.js';
import { PanelStep } from './panel-step.js';
import { END_WORDS, STRINGS } from './strings.js';
import { WhoStep } from './who-step.js';

const LANGUAGES: Readonly<Record<Locale, string>> = { en: 'English', it: 'Italiano' };
/** CSS pixels of the small window. */
const PANEL_SIZE = [420, 720] as const;

const SUGGESTED = 'livelet-suggested-locale';

/** The customer's page: shows the step that the host says, and sends what the person presses. */
export class LiveletPage {
  readonly #context: PageContext;
  readonly #port: PagePort;
  readonly #localizer: Localizer;
  readonly #root = document.createElement('div');
  readonly #help: HelpDialog;
  readonly #announcer = new Announcer();
  #message: HostToPage | undefined;
  #step: Step | undefined;
  #digits = '';
  #panelWindow: PanelWindow | undefined;
  #lost = false;

  constructor(connection: HostConnection, localizer: Localizer) {
    this.#localizer = localizer;
    this.#port = connection.port(PAGE_PORT);
    document.body.append(this.#root);
    this.#context = {
      connection,
      localizer,
      get locale() {
        return localizer.locale;
      },
      get words() {
        return STRINGS[localizer.locale];
      },
      send: (message) => this.#send(message),
      announce: this.#announcer.announce,
      changed: () => this.#render(),
    };
    this.#help = new HelpDialog({
      connection,
      localizer,
      announce: this.#announcer.announce,
      onOpen: (open) => {
        this.#send({ type: 'reading', reading: open });
        if (this.#step instanceof EndedStep) this.#step.reading(open);
      },
    });
    connection.onLost(() => this.#hostLost());
  }

  start(): void {
    this.#localizer.onChange(() => this.#render());
    this.#port.onMessage(({ json }) => this.#receive(json as unknown as HostToPage));
  }

  #send(message: PageToHost): void {
    this.#port.post({ json: message });
  }

  #receive(message: HostToPage): void {
    this.#suggestLocale(message.locale);
    const before = this.#message?.view;
    this.#message = message;
    if (before?.step === message.view.step && this.#step?.update) {
      this.#step.update(message.view);
      this.#render();
      return;
    }
    if (this.#step instanceof CodeStep) this.#digits = this.#step.digits;
    this.#step?.[Symbol.dispose]();
    this.#announcer.clear();
    this.#step = this.#open(message.view);
    if (this.#step instanceof EndedStep) this.#step.reading(this.#help.element.open);
    this.#render();
    this.#focusStep(this.#step);
  }

  /** Who is writing a report goes on with it, and is told. */
  #focusStep(step: Step): void {
    if (this.#help.element.contains(document.activeElement)) {
      this.#context.announce(this.#root.querySelector('h1')?.textContent ?? '');
    } else step.focus(this.#root);
  }

  /** The command line's language counts once for each tab: not again after the person has switched. */
  #suggestLocale(locale: Locale | undefined): void {
    if (locale === undefined || sessionStorage.getItem(SUGGESTED) !== null) return;
    sessionStorage.setItem(SUGGESTED, locale);
    this.#localizer.setLocale(locale);
  }

  #open(view: LiveletView): Step {
    switch (view.step) {
      case 'code':
        return new CodeStep(this.#context, view, this.#digits);
      case 'connecting':
        return this.#connecting();
      case 'who':
        return new WhoStep(this.#context, view, () => this.#openPanelWindow());
      case 'panel':
        return new PanelStep(this.#context, view, this.#panelWindow) as Step;
      case 'keeping':
        return this.#keeping(view);
      case 'ended':
      case 'unusable':
        return new EndedStep(this.#context, view);
    }
  }

  #connecting(): Step {
    const { words, send } = this.#context;
    return {
      render: () => html`
        <h1 tabindex="-1">${words.connectingTitle}</h1>
        <p>${words.connectingText}</p>
        <progress aria-label=${words.connectingTitle}></progress>
        <button type="button" class="large" @click=${() => send({ type: 'cancel' })}>${words.cancel}</button>
      `,
      focus: focusHeading,
      [Symbol.dispose]() {},
    };
  }

  #keeping({ cause, by, seconds }: Extract<LiveletView, { step: 'keeping' }>): Step {
    const { words, localizer, send } = this.#context;
    return {
      render: () => html`
        <h1 tabindex="-1">${localizer.text(END_WORDS[cause])}</h1>
        <p class="ll-notice safe"><strong>${words.nobodyCan}</strong></p>
        <p>${words.keepingText(by, seconds)}</p>
        <button type="button" class="large" @click=${() => send({ type: 'close' })}>${words.closeNow}</button>
      `,
      focus: focusHeading,
      [Symbol.dispose]() {},
    };
  }

  /** From the click on Allow: a browser opens such a window only then. */
  async #openPanelWindow(): Promise<void> {
    this.#panelWindow = await openPanelWindow(...PANEL_SIZE);
  }

  #hostLost(): void {
    this.#lost = true;
    if (this.#step instanceof EndedStep) this.#step.programClosed();
    this.#render();
    if (!(this.#step instanceof EndedStep)) {
      this.#step?.[Symbol.dispose]();
      focusHeading(this.#root);
    }
  }

  #render(): void {
    render(this.#page(), this.#root);
  }

  #page(): TemplateResult {
    const { words, connection } = this.#context;
    const { relay, region, view } = this.#message ?? {};
    const gone = this.#lost && !(this.#step instanceof EndedStep);
    return html`
      <header class="top">
        <p class="brand">Livelet</p>
        <div role="group" aria-label=${words.language}>${LOCALES.map((locale) => this.#language(locale))}</div>
      </header>
      <main class="stack">
        ${this.#help.element}
        ${gone ? html`<h1 tabindex="-1">${words.lost}</h1><p>${words.lostText}</p>` : (this.#step?.render() ?? nothing)}
      </main>
      <footer class="quiet">
        ${relay && !gone && view?.step !== 'ended' ? html`<p>${words.footer(relay, region)}</p>` : nothing}
        ${gone || this.#lost ? nothing : this.#message?.help.map((piece) => this.#helpButton(piece))}
        ${connection.unsandboxed ? html`<p>${words.unsandboxed}</p>` : nothing}
      </footer>
    `;
  }

  #helpButton({ plugin, contribution }: PieceShown): TemplateResult {
    const show = (): void => this.#help.show({ ...contribution, plugin });
    return html`<button type="button" class="ll-quiet" @click=${show}>${this.#localizer.text(contribution.title)}</button>`;
  }

  #language(locale: Locale): TemplateResult {
    const chosen = locale === this.#localizer.locale;
    return html`<button type="button" class="ll-quiet" lang=${locale} aria-pressed=${chosen ? 'true' : 'false'}
      @click=${() => this.#localizer.setLocale(locale)}>${LANGUAGES[locale]}</button>`;
  }
}
