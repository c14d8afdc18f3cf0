import type { PanelContext } from '@livelet/core/page';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { FilesElement } from './files-element.js';
import { pickFolder } from './folder-picker.js';
import { mountFiles } from './mount-files.js';
import { takePastes } from './pasted-files.js';
import { text } from './strings.js';
import { existingQuestion } from './transfer-list.js';

/** Where files arrive and what is given: the piece of the person who decides. Out of sight until something is allowed. */
export class DepotElement extends FilesElement {
  protected override readonly other = 'helper';

  override render(): TemplateResult {
    const { state, locale, say } = this;
    return html`
      ${existingQuestion(state.question, locale, say)}
      ${
        state.maySend || state.transfers.some(({ way }) => way === 'in')
          ? html`<section>
              <p>${this.text('arrives')}</p>
              <p class="path"><bdi>${state.folder}</bdi></p>
              <p>${this.text('neverOpened')}</p>
            </section>`
          : nothing
      }
      ${state.mayTake ? this.#give() : nothing} ${this.problem ? html`<p role="alert">${this.problem}</p>` : nothing}
      ${this.transferList()}
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { maySend, mayTake, transfers } = this.state;
    this.hidden = !maySend && !mayTake && transfers.length === 0 && !this.problem;
    super.updated(changed);
  }

  #give(): TemplateResult {
    const { offers, shared } = this.state;
    return html`<section>
      <div class="buttons">
        <button type="button" @click=${() => this.pick('files')}>${this.text('offerFiles')}</button>
        ${
          shared || !('showDirectoryPicker' in window)
            ? nothing
            : html`<button type="button" @click=${() => void this.#share()}>${this.text('shareFolder')}</button>`
        }
      </div>
      <input id="files" class="hidden-input" type="file" multiple @change=${this.picked} />
      ${
        offers.length === 0
          ? nothing
          : html`<p>${this.text('offered')}</p>
              ${this.offerLines('withdraw', (offer) => this.say({ type: 'withdraw', offer }))}`
      }
      ${
        shared
          ? html`<p>${this.text('sharedNow')} <bdi class="name">${shared.name}</bdi></p>
              <div class="buttons">
                <button type="button" @click=${this.#unshare}>${this.text('unshare')}</button>
              </div>`
          : nothing
      }
    </section>`;
  }

  async #share(): Promise<void> {
    const folder = await pickFolder();
    if (!folder || !this.store) return;
    this.store.shared = folder;
    this.say({ type: 'share', name: folder.name });
  }

  readonly #unshare = (): void => {
    if (this.store) this.store.shared = undefined;
    this.say({ type: 'unshare' });
  };
}
customElements.define('livelet-depot', DepotElement);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const element = new DepotElement();
  const resources = mountFiles(context, element);
  resources.use(
    takePastes(element, (items) => {
      if (element.state.mayTake) void element.store?.drop(items);
      else element.problem = text('allowToGive', element.locale);
    }),
  );
  return resources;
}
