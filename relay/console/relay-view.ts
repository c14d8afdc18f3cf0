import { errorText } from '@livelet/window/page';
import { html, nothing, type TemplateResult } from 'lit';
import { ConsoleError } from './console-api.js';
import { announcer, LocalizedElement, localizer } from './page-context.js';

/** A section of the console: asks the relay, and shows what went wrong with that. */
export abstract class RelayView extends LocalizedElement {
  static override properties: Record<string, object> = { problem: { state: true }, busy: { state: true } };
  declare protected problem: ConsoleError | undefined;
  declare protected busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  /** Runs a task of the relay; one at a time. `done` is told to people who can't see the page. */
  protected async ask(task: () => Promise<unknown>, done?: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await task();
      if (done !== undefined) announcer.announce(done);
    } catch (error) {
      this.problem = error instanceof ConsoleError ? error : new ConsoleError('internal');
      this.dispatchEvent(
        new CustomEvent('console-problem', { detail: this.problem, bubbles: true, composed: true }),
      );
    } finally {
      this.busy = false;
    }
  }

  protected renderProblem(): TemplateResult | typeof nothing {
    const { problem } = this;
    if (problem === undefined || problem.isSignedOut) return nothing;
    const { what, next } = errorText(problem.code, localizer.locale);
    return html`<div role="alert" class="ll-notice ll-alarm">
      <ll-icon name="alert"></ll-icon>
      <div><strong>${what}</strong><p>${next}</p></div>
    </div>`;
  }
}
