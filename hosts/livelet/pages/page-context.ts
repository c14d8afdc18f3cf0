import type { Locale } from '@livelet/core/page';
import type { HostConnection, Localizer } from '@livelet/window/page';
import type { TemplateResult } from 'lit';
import type { LiveletView, PageToHost } from '../src/page-protocol.js';
import type { Words } from './strings.js';

/** What the steps of the page share. */
export interface PageContext {
  readonly connection: HostConnection;
  readonly localizer: Localizer;
  readonly locale: Locale;
  readonly words: Words;
  send(message: PageToHost): void;
  /** Tells people who can't see it what just happened, once. */
  announce(text: string): void;
  /** Something that a step shows has changed. */
  changed(): void;
}

/** One thing at a time: what the page shows, from when the host says so until it says something else. */
export interface Step<V extends LiveletView = LiveletView> extends Disposable {
  /** The host's view changed within the step. */
  update?(view: V): void;
  render(): TemplateResult;
  /** Puts the focus where the step begins. */
  focus(root: ParentNode): void;
}

/** Focus on the heading: it is read out, and a key or click in flight answers nothing. */
export function focusHeading(root: ParentNode): void {
  root.querySelector<HTMLElement>('h1')?.focus();
}
