import type { Locale, LocalizedText } from '@livelet/core/page';
import type { HostConnection } from './connect.js';
import type { Localizer } from './localizer.js';
import { openBeside } from './open-beside.js';
import { mountSlot, type SlotContribution } from './slot.js';

const TEXTS = {
  close: { en: 'Close', it: 'Chiudi' },
  broken: { en: 'This could not be loaded.', it: 'Non è stato possibile caricarlo.' },
} as const satisfies Record<string, LocalizedText>;

export interface HelpDialogOptions {
  readonly connection: HostConnection;
  readonly localizer: Localizer;
  readonly announce: (text: string) => void;
  /** Called when it opens and when it closes. */
  readonly onOpen?: (open: boolean) => void;
}

/**
 * Shows a piece of the slot `help` in a dialog beside whatever the page shows, and goes on showing. The piece is mounted
 * when the dialog opens and goes when it closes, so that it begins with what is so at that moment.
 */
export class HelpDialog {
  readonly element = document.createElement('dialog');
  readonly #options: HelpDialogOptions;
  readonly #title = document.createElement('h2');
  readonly #close = document.createElement('button');
  readonly #place = document.createElement('div');
  #shown: DisposableStack | undefined;

  constructor(options: HelpDialogOptions) {
    this.#options = options;
    const head = document.createElement('div');
    head.className = 'll-row';
    head.style.cssText = 'flex-wrap: nowrap; justify-content: space-between';
    this.#title.id = 'help-title';
    this.#title.tabIndex = -1;
    this.#close.type = 'button';
    this.#close.className = 'll-quiet';
    this.#close.addEventListener('click', () => this.element.close());
    head.append(this.#title, this.#close);
    this.element.className = 'll-help';
    this.element.setAttribute('aria-labelledby', this.#title.id);
    this.element.append(head, this.#place);
    this.element.addEventListener('close', () => this.#closed());
  }

  show(piece: SlotContribution): void {
    if (this.element.open) return;
    const { connection, localizer, announce, onOpen } = this.#options;
    const shown = new DisposableStack();
    this.#shown = shown;
    const label = (locale: Locale): void => {
      this.#title.textContent = piece.title[locale];
      this.#close.textContent = TEXTS.close[locale];
    };
    label(localizer.locale);
    shown.use(localizer.onChange(label));
    const onFailed = (): void => {
      this.#place.textContent = TEXTS.broken[localizer.locale];
    };
    shown.use(mountSlot(this.#place, [piece], { connection, localizer, announce, onFailed }));
    openBeside(this.element);
    this.#title.focus();
    onOpen?.(true);
  }

  #closed(): void {
    this.#shown?.dispose();
    this.#shown = undefined;
    this.#place.replaceChildren();
    this.#options.onOpen?.(false);
  }
}
