import { css, html, type TemplateResult } from 'lit';
import { call } from './console-api.js';
import { formatDateTime } from './format.js';
import { announcer, localizer } from './page-context.js';
import { RelayView } from './relay-view.js';
import { ROLE_NAME } from './strings.js';
import { shared } from './styles.js';

/** `POST /invitations` */
interface Invited {
  readonly token: string;
  readonly expiresAt: number;
}

const ROLES = ['operator', 'admin'] as const;
/** Characters of a person's name that the relay takes. */
const MAX_NAME = 64;

/** Makes an invitation, and shows its token once. */
export class InviteDialog extends RelayView {
  static override readonly properties = { ...RelayView.properties, invited: { state: true } };
  declare invited: Invited | undefined;

  override render(): TemplateResult {
    const { strings, invited } = this;
    return html`<dialog aria-labelledby="title" @close=${this.#forget}>
      <div class="ll-stack">
        <h2 id="title">${strings.inviteTitle}</h2>
        ${this.renderProblem()} ${invited === undefined ? this.#form() : this.#token(invited)}
      </div>
    </dialog>`;
  }

  show(): void {
    this.problem = undefined;
    this.#dialog?.showModal();
  }

  #form(): TemplateResult {
    const { strings } = this;
    return html`<p class="ll-quiet-text">${strings.inviteText}</p>
      <form @submit=${this.#invite}>
        <label class="wide">${strings.name}<input name="name" required maxlength=${MAX_NAME} autocomplete="off" /></label>
        <label>${strings.role}
          <select name="role">
            ${ROLES.map((role) => html`<option value=${role}>${localizer.text(ROLE_NAME[role])}</option>`)}
          </select>
        </label>
        <div class="ll-row end">
          <button type="button" @click=${this.#close}>${strings.cancel}</button>
          <button class="ll-primary" aria-disabled=${this.busy}>${strings.invite}</button>
        </div>
      </form>`;
  }

  #token({ token, expiresAt }: Invited): TemplateResult {
    const { strings } = this;
    return html`<p class="ll-quiet-text">${strings.tokenText}</p>
      <label>${strings.token}<input class="mono" readonly .value=${token} @focus=${selectAll} /></label>
      <p class="ll-small">${strings.expires}: ${formatDateTime(expiresAt)}</p>
      <div class="ll-row end">
        <button @click=${() => this.#copy(token)}><ll-icon name="copy"></ll-icon>${strings.copy}</button>
        <button class="ll-primary" @click=${this.#close}>${strings.close}</button>
      </div>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  readonly #close = (): void => this.#dialog?.close();

  readonly #forget = (): void => {
    this.invited = undefined;
  };

  readonly #invite = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    void this.ask(async () => {
      const body = { name: String(data.get('name')).trim(), role: data.get('role') };
      this.invited = await call<Invited>('POST', '/invitations', body);
      this.dispatchEvent(new Event('invited'));
    });
  };

  async #copy(token: string): Promise<void> {
    await navigator.clipboard.writeText(token);
    announcer.announce(this.strings.copied);
  }

  static override readonly styles = [
    ...shared,
    css`
      .end {
        inline-size: 100%;
        justify-content: end;
      }
      input {
        inline-size: 100%;
      }
    `,
  ];
}
customElements.define('invite-dialog', InviteDialog);

function selectAll(event: FocusEvent): void {
  (event.target as HTMLInputElement).select();
}
