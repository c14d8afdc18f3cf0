import {
  asLiveletError,
  type ClipboardRefusal,
  type CopiedContent,
  isClipboardRefusal,
  LiveletError,
} from '@livelet/core/page';
import { fingerprint, readClipboard, readPermission, writeClipboard } from './page-clipboard.js';

/** What the menu shows and posts. */
export interface SharedClipboardListener {
  /** What the operator copied is to be sent. */
  copied(content: CopiedContent): void;
  /** Something changed that is shown. */
  changed(): void;
}

/**
 * The operator's clipboard, as far as a page can follow it: looked at when it is told to, and known again by content,
 * so that neither what was copied before it was shared nor what came from the other side is ever sent by itself.
 */
export class SharedClipboard {
  readonly #listener: SharedClipboardListener;
  /** What is there as far as is known; undefined: nothing was seen since sending was allowed. */
  #seen: string | undefined;
  #sends = false;
  #work: Promise<void> = Promise.resolve();
  #looking = false;
  /** The browser lets this page not read. */
  isDenied = false;
  /** There was something before it was shared. */
  hasBefore = false;
  /** What they copied, while it can't be put on the clipboard without the person. */
  offered: CopiedContent | undefined;
  refusal: ClipboardRefusal | undefined;

  constructor(listener: SharedClipboardListener) {
    this.#listener = listener;
  }

  /** Whether what the operator copies is shared now. */
  set sends(sends: boolean) {
    if (sends === this.#sends) return;
    this.#sends = sends;
    this.#seen = undefined;
    this.hasBefore = false;
    this.refusal = undefined;
    // What is there now was copied before. Without the focus no browser shows it: then the next look finds it.
    if (sends) this.look();
  }

  /** Reads it, and passes on what is new there. */
  look(): void {
    if (!this.#sends || this.#looking || !document.hasFocus()) return;
    this.#looking = true;
    this.#then(async () => {
      this.#looking = false;
      if (this.#sends) await this.#look(false);
    });
  }

  /** The person wants what lies there to be sent, whenever it was copied. */
  sendNow(): void {
    this.#then(async () => {
      if (this.#sends) await this.#look(true);
    });
  }

  /** Pasted by hand. */
  async send(content: Promise<CopiedContent>): Promise<void> {
    await this.#try(async () => {
      const pasted = await content;
      if (!this.#sends || Object.keys(pasted).length === 0) return;
      this.#seen = await fingerprint(pasted);
      this.#listener.copied(pasted);
    });
  }

  /** What they copied. @returns where it is now */
  async place(content: CopiedContent): Promise<'clipboard' | 'offered'> {
    if (document.hasFocus() && (await this.#write(content))) return 'clipboard';
    this.offered = content;
    this.#listener.changed();
    return 'offered';
  }

  /** The person takes what is offered. */
  async takeOffered(): Promise<void> {
    const { offered } = this;
    if (offered && !(await this.#write(offered))) this.refusal = 'clipboard-refused';
    this.#listener.changed();
  }

  /** It isn't shared any more. */
  forgetOffered(): void {
    this.offered = undefined;
    this.#listener.changed();
  }

  async #look(whenever: boolean): Promise<void> {
    await this.#try(async () => {
      const content = await readClipboard();
      this.isDenied = false;
      const print = await fingerprint(content);
      const isFirst = this.#seen === undefined;
      const isNew = print !== this.#seen && print !== '';
      this.#seen = print;
      if (!this.#sends) return;
      // Files too: a page is given those only when they are pasted.
      if (whenever && print === '') throw new LiveletError('clipboard-format', 'no text and no picture');
      this.hasBefore = isFirst && isNew && !whenever;
      if (print !== '' && (whenever || (isNew && !isFirst))) this.#listener.copied(content);
    });
  }

  async #write(content: CopiedContent): Promise<boolean> {
    try {
      const print = await fingerprint(content);
      // In turn with the looks, and known before it is there: a look in between must not take it for the person's.
      await this.#then(async () => {
        await writeClipboard(content);
        if (this.#sends && this.#seen !== undefined) this.#seen = print;
      });
      this.offered = undefined;
      this.hasBefore = false;
      this.#listener.changed();
      return true;
    } catch {
      return false;
    }
  }

  async #try(step: () => Promise<void>): Promise<void> {
    this.refusal = undefined;
    try {
      await step();
    } catch (error) {
      const { code } = asLiveletError(error);
      this.refusal = isClipboardRefusal(code) ? code : 'clipboard-refused';
      if (code === 'clipboard-refused') this.isDenied = (await readPermission()) !== 'granted';
    }
    this.#listener.changed();
  }

  /** One after the other. */
  #then(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(step);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
