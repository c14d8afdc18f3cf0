import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileOffer, JsonValue, PagePort } from '@livelet/core';
import { SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import type { CopiedFilesShown, FilesToPage } from '../src/page-protocol.js';
import { type Desktop, startDesktop } from './desktop.js';
import { type HostedClipboard, hostClipboard, type Menu } from './hosted-clipboard.js';

/** Both ends with the file transfer; the customer lets the operator have what they copy. */
interface Ends extends AsyncDisposable {
  readonly desktop: Desktop;
  readonly hosted: HostedClipboard;
  readonly menu: Menu;
  readonly panel: Heard<FilesToPage>;
  /** The operator's files. */
  readonly courier: Heard<{ readonly offers: readonly FileOffer[]; readonly mayTake: boolean; type: string }>;
  /** Of the customer's. */
  readonly folder: string;
  readonly received: string;
  copy(...names: string[]): Promise<AsyncDisposable>;
  shown(): Promise<CopiedFilesShown>;
}

/** What a page was told. */
interface Heard<T> {
  readonly all: T[];
  post(message: JsonValue): void;
  /** The newest one once it `matches`. */
  once(matches: (told: T) => boolean): Promise<T>;
}

function heard<T extends { readonly type: string }>(port: PagePort, type: string): Heard<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  port.onMessage(({ json }) => {
    const told = json as unknown as T;
    if (told.type === type) all.push(told);
    for (const look of waiting) look();
  });
  return {
    all,
    post: (json) => port.post({ json }),
    async once(matches) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const look = (): void => {
        const told = all.at(-1);
        if (told && matches(told)) resolve(told);
      };
      const timer = setTimeout(() => reject(new Error(JSON.stringify(all.slice(-3)))), 20_000);
      waiting.add(look);
      look();
      return await promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(look);
      });
    },
  };
}

const uriOf = (path: string): string => pathToFileURL(path).href;

async function ends(relay?: SimulatedRelay): Promise<Ends> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-copied-'));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  for (const name of ['report.pdf', 'notes.txt']) await writeFile(join(folder, name), name);
  await mkdir(join(folder, 'photos'));
  await writeFile(join(folder, 'photos/x.jpg'), 'picture');
  const received = join(folder, 'received');
  const desktop = stack.use(await startDesktop());
  const hosted = stack.use(await hostClipboard(desktop.display, true, relay, received));
  const menu = hosted.menu();
  hosted.grant('take-clipboard', 'send-clipboard');
  await taking(menu);
  const panel = heard<FilesToPage>(hosted.connect('customer', 'livelet.clipboard:copied-files'), 'files');
  const courier = heard<Awaited<ReturnType<Ends['courier']['once']>>>(
    hosted.connect('operator', 'livelet.file-transfer:courier'),
    'state',
  );
  const owned = stack.move();
  return {
    desktop,
    hosted,
    menu,
    panel,
    courier,
    folder,
    received,
    copy: async (...names) =>
      await desktop.copy(names.map((name) => uriOf(join(folder, name))).join('\r\n'), 'text/uri-list'),
    async shown() {
      const { copied } = await panel.once((told) => told.copied !== undefined);
      if (!copied) throw new Error('nothing is shown');
      return copied;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function taking(menu: Menu): Promise<void> {
  await menu.until(() => {
    const last = menu.heard.findLast((message) => message.type === 'state');
    return last?.type === 'state' && last.takes && last.sends;
  });
}

test.serial('what the customer copies is theirs to give, and arrives as it is', async (t) => {
  await using both = await ends();
  const { hosted, panel, courier } = both;
  await both.copy('report.pdf', 'photos', 'notes.txt');
  const copied = await both.shown();
  t.like(copied, { files: 2, folders: 1, names: ['report.pdf', 'photos/', 'notes.txt'], isPart: false });
  t.deepEqual(copied.places, [both.folder, both.folder, both.folder]);
  await both.menu.until(() => JSON.stringify(both.menu.heard).includes('clipboard-files'));
  panel.post({ type: 'give', id: copied.id });
  const refused = await panel.once((told) => told.copied?.error !== undefined);
  t.like(refused, { mayGive: false, given: false, copied: { error: 'not-granted' } });
  hosted.grant('take-files');
  await panel.once(({ mayGive }) => mayGive);
  t.deepEqual((await courier.once(({ mayTake }) => mayTake)).offers, []);
  // Not what was shown before.
  panel.post({ type: 'give', id: copied.id });
  panel.post({ type: 'give', id: refused.copied?.id ?? 0 });
  panel.post({ type: 'give', id: refused.copied?.id ?? 0 });
  t.is((await panel.once(({ given }) => given)).copied, undefined);
  const { offers } = await courier.once((state) => state.offers.length > 0);
  t.deepEqual(offers, [{ id: offers[0]?.id ?? '', name: 'report.pdf', items: 4, bytes: 10 + 9 + 7 }]);
  courier.post({ type: 'take-offer', offer: offers[0]?.id ?? '' });
  await courier.once((state) => state.offers.length === 0);
  for (const name of ['report.pdf', 'notes.txt', 'photos/x.jpg']) {
    t.deepEqual(await readFile(join(both.received, name)), await readFile(join(both.folder, name)));
  }
  t.false(JSON.stringify(both.menu.heard).includes('report'));
});

test.serial('it is shown no longer than it lies there, and what was left isn’t given', async (t) => {
  await using both = await ends();
  const { hosted, panel, desktop } = both;
  hosted.grant('take-files');
  const gone = async (): Promise<void> => void (await panel.once(({ copied }) => copied === undefined));
  await both.copy('report.pdf');
  const { id } = await both.shown();
  panel.post({ type: 'leave', id });
  await gone();
  panel.post({ type: 'give', id });
  await both.copy('notes.txt');
  t.deepEqual((await both.shown()).names, ['notes.txt']);
  await desktop.copy('words');
  await gone();
  const owner = await both.copy('report.pdf');
  await both.shown();
  await owner[Symbol.asyncDispose]();
  await gone();
  await both.copy('report.pdf');
  await both.shown();
  both.menu.copy({ text: new TextEncoder().encode('of the operator') });
  await gone();
  await both.copy('report.pdf');
  const last = await both.shown();
  hosted.revoke('take-clipboard');
  await gone();
  panel.post({ type: 'give', id: last.id });
  t.deepEqual(both.courier.all.at(-1)?.offers, []);
  t.true(panel.all.every(({ given }) => !given));
});

test.serial('what was copied before it was allowed isn’t shown, whoever owns it later', async (t) => {
  await using both = await ends();
  const { hosted } = both;
  hosted.revoke('take-clipboard');
  await both.menu.until(() => both.menu.heard.some((told) => told.type === 'state' && !told.takes));
  await both.copy('report.pdf');
  hosted.grant('take-clipboard');
  await taking(both.menu);
  await both.copy('report.pdf');
  await both.copy('notes.txt');
  t.deepEqual((await both.shown()).names, ['notes.txt']);
  t.false(JSON.stringify(both.panel.all).includes('report'));
});

test.serial('a lost line takes it away, and it doesn’t come back with it', async (t) => {
  const relay = new SimulatedRelay();
  await using both = await ends(relay);
  await both.copy('report.pdf');
  await both.shown();
  relay.down = true;
  both.hosted.pair.link.cut();
  await both.panel.once(({ copied }) => copied === undefined);
  relay.down = false;
  await both.hosted.pair.clock.advance(5_000);
  await taking(both.menu);
  await both.copy('notes.txt');
  t.deepEqual((await both.shown()).names, ['notes.txt']);
  t.is(both.panel.all.filter(({ copied }) => copied?.names.includes('report.pdf')).length, 1);
});

test.serial('a hostile list shows what can be given only, by names that read as they are', async (t) => {
  await using both = await ends();
  const { folder, desktop } = both;
  const at = (name: string): string => join(folder, name);
  const odd = ['safe\u202egpj.exe', `${'long'.repeat(60)}.txt`, '<b>bold.txt'];
  for (const name of odd) await writeFile(at(name), name);
  for (let n = 0; n < 4; n += 1) await writeFile(at(`${n}.txt`), '');
  await symlink('report.pdf', at('link.pdf'));
  execFileSync('mkfifo', [at('pipe')]);
  const list = [
    'file:///proc/self/environ',
    'file://elsewhere/home/anna/x.txt',
    `${uriOf(folder)}/../../../../../../proc/self/mem`,
    ...['link.pdf', 'pipe', 'gone.txt', ...odd, '0.txt', '1.txt', '2.txt', '3.txt'].map((name) =>
      uriOf(at(name)),
    ),
  ];
  await desktop.copy(`cut\n${list.join('\n')}`, 'x-special/gnome-copied-files');
  const { names, ...shown } = await both.shown();
  t.like(shown, { files: 7, folders: 0, isPart: true });
  t.is(names.length, 5);
  t.is(names[0], 'safegpj.exe');
  t.true(names[1]?.endsWith('.txt') && names[1].length <= 240);
  t.deepEqual(names.slice(2), ['<b>bold.txt', '0.txt', '1.txt']);
  await desktop.copy(uriOf(at('link.pdf')), 'text/uri-list');
  await both.panel.once(({ copied }) => copied === undefined);
});
