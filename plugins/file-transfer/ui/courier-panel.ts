import {
  displayFileName,
  type FilePath,
  type FolderListing,
  MAX_LISTED,
  MAX_TRANSFER_ITEMS,
  PANEL_FRONT_EVENT,
  type PanelContext,
} from '@livelet/core/page';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DeskToPage, Pane } from '../src/page-protocol.js';
import { takeDrops } from './dropped-files.js';
import { FilesElement } from './files-element.js';
import { hasFolderPicker, pickFolder } from './folder-picker.js';
import { mountFiles } from './mount-files.js';
import { takePastes } from './pasted-files.js';
import { bytesText, offeredText, problemText, text } from './strings.js';
import { existingQuestion } from './transfer-list.js';
import { tellUnseen } from './unseen.js';

interface PaneShown {
  readonly path: FilePath;
  /** Where the next lines begin. */
  readonly next: number;
  readonly listing?: FolderListing;
  readonly problem?: string;
}

/** Queue, offers and two folders: the piece of the person who brings and takes files. */
export class CourierElement extends FilesElement {
  static override readonly properties = {
    ...FilesElement.properties,
    panes: { state: true },
  };
  declare panes: Readonly<Record<Pane, PaneShown>>;
  protected override readonly other = 'customer';
  readonly #marked = { own: new Set<string>(), theirs: new Set<string>() };

  constructor() {
    super();
    this.panes = { own: { path: [], next: 0 }, theirs: { path: [], next: 0 } };
  }

  override render(): TemplateResult {
    const { state, locale, say } = this;
    return html`
      ${this.problem ? html`<p role="alert" class="ll-notice">${this.problem}</p>` : nothing}
      ${existingQuestion(state.question, locale, say)}
      ${
        state.maySend
          ? html`<section>
              <p class="ll-quiet-text">${this.text('drop')}</p>
              <div class="buttons">
                <button type="button" @click=${() => this.pick('files')}>${this.text('choose')}</button>
                <button type="button" @click=${() => void this.#chooseFolder()}>${this.text('chooseFolder')}</button>
              </div>
              <input id="files" class="hidden-input" type="file" multiple @change=${this.picked} />
              ${
                hasFolderPicker()
                  ? nothing
                  : html`<input id="folder" class="hidden-input" type="file" webkitdirectory @change=${this.picked} />
                      <p class="about">${this.text('noEmptyFolders')}</p>`
              }
            </section>`
          : nothing
      }
      ${state.mayTake ? this.#offers() : nothing}
      ${state.maySend || state.mayTake ? nothing : html`<p class="ll-quiet-text">${this.text('nothing')}</p>`}
      ${this.transferList()}
      ${
        state.maySend || state.mayTake
          ? html`<div class="room"><div class="panes">
              ${this.#pane('own')} ${state.shared ? this.#pane('theirs') : html`<p class="about">${this.text('nothingShared')}</p>`}
            </div></div>`
          : nothing
      }
    `;
  }

  override get waiting(): ReadonlyMap<string, string> {
    const { offers, peerName } = this.state;
    const offered = offers.map(({ id, name, items }): [string, string] => {
      const what = `${name}${items > 1 ? ` (+${items - 1})` : ''}`;
      return [`offer ${id}`, offeredText(peerName, what, this.locale)];
    });
    return new Map([...super.waiting, ...offered]);
  }

  /** So that it is seen what becomes of it. */
  toFront(): void {
    this.dispatchEvent(new CustomEvent(PANEL_FRONT_EVENT, { bubbles: true, composed: true }));
  }

  /** What the half found in a folder. */
  looked({ pane, path, from, listing, error }: Extract<DeskToPage, { type: 'looked' }>): void {
    const before = this.panes[pane];
    const same = path.join('/') === before.path.join('/');
    // Another folder was looked into meanwhile, or the same one anew.
    if (from > 0 && !(same && from === before.next)) return;
    const all = from === 0 ? listing : joined(before.listing, listing);
    const shown: PaneShown = {
      path,
      next: from + (listing ? MAX_LISTED : 0),
      ...(all && { listing: all }),
      ...(error && { problem: problemText(error, this.locale) }),
    };
    const there = new Set(all?.files.map(({ name }) => name));
    for (const name of this.#marked[pane]) if (!same || !there.has(name)) this.#marked[pane].delete(name);
    this.panes = { ...this.panes, [pane]: shown };
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const before = changed.get('state');
    if (!before) return;
    const { shared, maySend, mayTake } = this.state;
    if (shared && before.shared?.name !== shared.name) this.#look('theirs', []);
    if (!maySend && !mayTake) return;
    if (!before.maySend && !before.mayTake) this.#look('own', []);
    else if (arrived(this.state) > arrived(before)) this.#look('own', this.panes.own.path);
  }

  async #chooseFolder(): Promise<void> {
    if (!hasFolderPicker()) return this.pick('folder');
    const folder = await pickFolder();
    if (!folder) return;
    this.problem = undefined;
    await this.store?.chooseFolder(folder).catch(() => {
      this.problem = text('unreadableFolder', this.locale);
    });
  }

  #offers(): TemplateResult {
    const { offers } = this.state;
    return html`<section>
      <h3>${this.text('offers')}</h3>
      ${
        offers.length === 0
          ? html`<p class="about">${this.text('noOffers')}</p>`
          : this.offerLines('take', (offer) => this.say({ type: 'take-offer', offer }))
      }
    </section>`;
  }

  #pane(pane: Pane): TemplateResult {
    const { path, next, listing, problem } = this.panes[pane];
    const title = this.text(pane === 'own' ? 'ownFolder' : 'theirFolder');
    const root = pane === 'own' ? this.state.folder : (this.state.shared?.name ?? '');
    const marked = this.#marked[pane];
    const may = pane === 'own' ? this.state.maySend : this.state.mayTake;
    return html`<section class="pane" data-pane=${pane} aria-label=${title}>
      <h3>${title}</h3>
      <p class="about"><bdi>${[root, ...path.map(displayFileName)].join('/')}</bdi></p>
      <div class="buttons">
        <button type="button" ?disabled=${path.length === 0} @click=${() => this.#look(pane, path.slice(0, -1))}>
          ${this.text('up')}
        </button>
        <button type="button" @click=${() => this.#look(pane, path)}>${this.text('refresh')}</button>
      </div>
      ${problem ? html`<p role="alert">${problem}</p>` : nothing}
      ${listing?.files.length === 0 ? html`<p class="about">${this.text('empty')}</p>` : nothing}
      <ul>
        ${(listing?.files ?? []).map(
          ({ name, kind, size }) => html`<li class="line">
            <input
              type="checkbox"
              aria-label=${displayFileName(name)}
              .checked=${marked.has(name)}
              @change=${() => this.#mark(pane, name)}
            />
            ${
              kind === 'folder'
                ? html`<button type="button" class="link grow" @click=${() => this.#look(pane, [...path, name])}>
                    <bdi>${displayFileName(name)}/</bdi>
                  </button>`
                : html`<bdi class="grow">${displayFileName(name)}</bdi><span class="about">${bytesText(size, this.locale)}</span>`
            }
          </li>`,
        )}
      </ul>
      ${listing?.more && next >= MAX_TRANSFER_ITEMS ? html`<p class="about">${this.text('tooManyShown')}</p>` : nothing}
      <div class="buttons">
        ${
          listing?.more && next < MAX_TRANSFER_ITEMS
            ? html`<button type="button" @click=${() => this.say({ type: 'look', pane, path, from: next })}>
                ${this.text('more')}
              </button>`
            : nothing
        }
        <button type="button" ?disabled=${!may || marked.size === 0} @click=${() => this.#move(pane)}>
          ${this.text(pane === 'own' ? 'sendMarked' : 'takeMarked')}
        </button>
      </div>
    </section>`;
  }

  #look(pane: Pane, path: FilePath): void {
    this.say({ type: 'look', pane, path });
  }

  #mark(pane: Pane, name: string): void {
    const marked = this.#marked[pane];
    if (!marked.delete(name)) marked.add(name);
    this.requestUpdate();
  }

  #move(pane: Pane): void {
    const paths = [...this.#marked[pane]].map((name) => [...this.panes[pane].path, name]);
    this.say({ type: pane === 'own' ? 'send-own' : 'take-shared', paths });
    this.#marked[pane].clear();
    this.requestUpdate();
  }
}
customElements.define('livelet-courier', CourierElement);

/** @returns the lines of both, each name once: a folder may have changed in between */
function joined(
  first: FolderListing | undefined,
  then: FolderListing | undefined,
): FolderListing | undefined {
  if (!first || !then) return first ?? then;
  const known = new Set(first.files.map(({ name }) => name));
  return { files: [...first.files, ...then.files.filter(({ name }) => !known.has(name))], more: then.more };
}

/** How many transfers have put something into the person's folder. */
function arrived({ transfers }: CourierElement['state']): number {
  return transfers.filter(({ way, state }) => way === 'in' && state === 'done').length;
}

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const element = new CourierElement();
  const resources = mountFiles(context, element, (message) => {
    if (message.type === 'looked') element.looked(message);
  });
  resources.use(takeDrops(element));
  resources.use(tellUnseen(element));
  resources.use(
    takePastes(element, (items) => {
      element.toFront();
      if (element.state.maySend) void element.store?.drop(items);
      else element.problem = text('askToSend', element.locale);
    }),
  );
  return resources;
}
