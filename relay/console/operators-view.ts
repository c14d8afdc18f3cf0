import { html, nothing, type TemplateResult } from 'lit';
import './confirm-dialog.js';
import type { ConfirmDialog } from './confirm-dialog.js';
import { call } from './console-api.js';
import './data-table.js';
import type { Column } from './data-table.js';
import { formatDate, formatDateTime } from './format.js';
import './invite-dialog.js';
import type { InviteDialog } from './invite-dialog.js';
import { localizer } from './page-context.js';
import { RelayView } from './relay-view.js';
import { ROLE_NAME } from './strings.js';
import { shared } from './styles.js';

type Role = 'admin' | 'operator';

/** `GET /operators` */
interface Operator {
  readonly id: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly role: Role;
  readonly enrolledAt: number;
  readonly revokedAt?: number;
}

/** `GET /invitations` */
interface Invitation {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: number;
}

/** Who may use the relay, and who has been asked to. */
export class OperatorsView extends RelayView {
  static override readonly properties = {
    ...RelayView.properties,
    operators: { state: true },
    invitations: { state: true },
  };
  declare operators: readonly Operator[] | undefined;
  declare invitations: readonly Invitation[];

  constructor() {
    super();
    this.invitations = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask(() => this.#load());
  }

  override render(): TemplateResult {
    const { strings, operators, invitations } = this;
    return html`<div class="ll-stack">
        <div class="head">
          <h2>${strings.operators}</h2>
          <button class="ll-primary" @click=${this.#invite}><ll-icon name="plus"></ll-icon>${strings.invite}</button>
        </div>
        ${this.renderProblem()}
        ${
          operators === undefined
            ? html`<p>${strings.loading}</p>`
            : html`<data-table
                .caption=${strings.operators}
                .empty=${strings.noOperators}
                .columns=${this.#operatorColumns()}
                .rows=${operators}
              ></data-table>`
        }
        <h2>${strings.invitations}</h2>
        <data-table
          .caption=${strings.invitations}
          .empty=${strings.noInvitations}
          .columns=${this.#invitationColumns()}
          .rows=${invitations}
        ></data-table>
      </div>
      <confirm-dialog></confirm-dialog>
      <invite-dialog @invited=${() => this.ask(() => this.#load())}></invite-dialog>`;
  }

  #operatorColumns(): readonly Column<Operator>[] {
    const { strings } = this;
    return [
      { title: strings.name, cell: ({ name }) => html`<strong>${name}</strong>` },
      { title: strings.role, cell: ({ role }) => localizer.text(ROLE_NAME[role]) },
      {
        title: strings.key,
        cell: ({ fingerprint }) => html`<span class="mono fingerprint">${fingerprint}</span>`,
      },
      { title: strings.enrolled, cell: ({ enrolledAt }) => formatDate(enrolledAt) },
      {
        title: strings.state,
        cell: ({ revokedAt }) =>
          revokedAt === undefined ? strings.active : strings.revokedOn(formatDateTime(revokedAt)),
      },
      { title: strings.actions, cell: (operator) => this.#actions(operator) },
    ];
  }

  #actions(operator: Operator): TemplateResult {
    const { strings } = this;
    if (operator.revokedAt !== undefined) return html`${nothing}`;
    const other: Role = operator.role === 'admin' ? 'operator' : 'admin';
    const named = other === 'admin' ? strings.makeAdminOf : strings.makeOperatorOf;
    return html`<div class="ll-row">
      <button class="small" aria-label=${named(operator.name)} @click=${() => this.#setRole(operator, other)}>
        ${other === 'admin' ? strings.makeAdmin : strings.makeOperator}
      </button>
      <button class="small" aria-label=${strings.revokeOf(operator.name)} @click=${() => this.#revoke(operator)}>
        ${strings.revoke}
      </button>
    </div>`;
  }

  #invitationColumns(): readonly Column<Invitation>[] {
    const { strings } = this;
    return [
      { title: strings.name, cell: ({ name }) => name || strings.none },
      { title: strings.role, cell: ({ role }) => localizer.text(ROLE_NAME[role]) },
      { title: strings.expires, cell: ({ expiresAt }) => formatDateTime(expiresAt) },
      {
        title: strings.actions,
        cell: (invitation) => html`<button
          class="small"
          aria-label=${strings.withdrawOf(invitation.name || strings.none)}
          @click=${() => this.#withdraw(invitation)}
        >
          ${strings.withdraw}
        </button>`,
      },
    ];
  }

  readonly #invite = (): void => {
    this.renderRoot.querySelector<InviteDialog>('invite-dialog')?.show();
  };

  #revoke({ id, name }: Operator): void {
    const { strings } = this;
    this.renderRoot.querySelector<ConfirmDialog>('confirm-dialog')?.show({
      title: strings.revokeTitle(name),
      text: strings.revokeText,
      action: strings.revoke,
      confirmed: () => this.#change(() => call('POST', `/operators/${id}/revoke`), strings.revoked(name)),
    });
  }

  #setRole({ id, name }: Operator, role: Role): void {
    void this.#change(() => call('PUT', `/operators/${id}/role`, { role }), this.strings.roleChanged(name));
  }

  #withdraw({ id }: Invitation): void {
    void this.#change(() => call('DELETE', `/invitations/${id}`), this.strings.withdrawn);
  }

  #change(task: () => Promise<unknown>, done: string): Promise<void> {
    return this.ask(async () => {
      await task();
      await this.#load();
    }, done);
  }

  async #load(): Promise<void> {
    const { operators } = await call<{ operators: readonly Operator[] }>('GET', '/operators');
    const { invitations } = await call<{ invitations: readonly Invitation[] }>('GET', '/invitations');
    this.operators = operators;
    this.invitations = invitations;
  }

  static override readonly styles = shared;
}
customElements.define('operators-view', OperatorsView);
