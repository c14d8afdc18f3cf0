import { type Clock, MAX_CLIPBOARD_BYTES, MAX_CLIPBOARD_TEXT, systemClock } from '@livelet/core';
import test from 'ava';
import { MAX_FILE_LIST } from '../src/x-selection/file-list.js';
import { type Copied, XClipboard } from '../src/x-selection/x-clipboard.js';
import { ATOM } from '../src/x-selection/x-connection.js';
import { type Desktop, startDesktop } from './desktop.js';
import { noisyPicture } from './pictures.js';
import { SelectionClient } from './selection-client.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Watched extends AsyncDisposable {
  readonly desktop: Desktop;
  readonly clipboard: XClipboard;
  readonly copied: Copied[];
  /** Resolves once so many things were told. */
  told(count: number): Promise<void>;
}

async function watched(clock = systemClock): Promise<Watched> {
  await using stack = new AsyncDisposableStack();
  const desktop = stack.use(await startDesktop());
  const clipboard = stack.use(await XClipboard.open(desktop.display, clock));
  const copied: Copied[] = [];
  let waiting: (() => void)[] = [];
  stack.use(
    clipboard.watch(async (each) => {
      copied.push(each);
      for (const look of waiting.splice(0)) look();
    }),
  );
  const owned = stack.move();
  return {
    desktop,
    clipboard,
    copied,
    async told(count) {
      while (copied.length < count) {
        await new Promise<void>((resolve) => {
          waiting = [...waiting, resolve];
        });
      }
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

test.serial('text that a program copies is told, and what is put can be pasted', async (t) => {
  await using ends = await watched();
  const { desktop, clipboard, copied } = ends;
  await desktop.copy('Grüße, 漢字 👩‍👩‍👧\n\tdone');
  await ends.told(1);
  t.deepEqual(copied[0]?.content, { text: utf8('Grüße, 漢字 👩‍👩‍👧\n\tdone') });
  await clipboard.put({ text: utf8('plain'), html: utf8('<b>plain</b>') });
  t.is((await desktop.paste())?.toString(), 'plain');
  t.is((await desktop.paste('text/html'))?.toString(), '<b>plain</b>');
  t.is((await desktop.paste('STRING'))?.toString(), 'plain');
  const targets = (await desktop.paste('TARGETS'))?.toString().trim().split('\n') ?? [];
  t.true(['TARGETS', 'TIMESTAMP', 'UTF8_STRING', 'text/html'].every((name) => targets.includes(name)));
  t.false(targets.includes('image/png'));
  await desktop.copy('after');
  await ends.told(2);
  t.is(copied.length, 2, 'what was put here is nobody’s copy');
});

test.serial(
  'what was copied before the display had settled is told to nobody who watches later',
  async (t) => {
    await using stack = new AsyncDisposableStack();
    const desktop = stack.use(await startDesktop());
    const clipboard = stack.use(await XClipboard.open(desktop.display, systemClock));
    for (let copy = 0; copy < 20; copy += 1) {
      using before = await SelectionClient.open(desktop.display);
      using after = await SelectionClient.open(desktop.display);
      await before.own(() => 0);
      await clipboard.settled();
      const told = Promise.withResolvers<Copied>();
      using _watching = clipboard.watch(async (copied) => told.resolve(copied));
      await after.own(() => 0);
      t.is((await told.promise).program, after.window & ~after.connection.resourceMask);
    }
  },
);

test.serial('a picture of 10 MB goes both ways in pieces, byte for byte', async (t) => {
  const picture = noisyPicture(1900, 1800);
  t.true(picture.length > 10_000_000);
  await using ends = await watched();
  await ends.desktop.copy(picture, 'image/png');
  await ends.told(1);
  t.true(Buffer.from(picture).equals(ends.copied[0]?.content?.png ?? new Uint8Array()));
  await ends.clipboard.put({ png: picture });
  const pasted = await Promise.all([ends.desktop.paste('image/png'), ends.desktop.paste('image/png')]);
  t.true(pasted.every((each) => each?.equals(picture)));
});

test.serial('what is taken back, and what was put by a program that ended, can’t be pasted', async (t) => {
  await using desktop = await startDesktop();
  {
    using clipboard = await XClipboard.open(desktop.display, systemClock);
    await clipboard.put({ text: utf8('taken back') });
    clipboard.release();
    t.is(await desktop.paste(), undefined);
    await desktop.copy('of another');
    clipboard.release();
    t.is((await desktop.paste())?.toString(), 'of another');
    await clipboard.put({ text: utf8('put') });
  }
  t.is(await desktop.paste(), undefined);
});

test.serial('a request that can’t be met is refused and hangs nobody', async (t) => {
  await using desktop = await startDesktop();
  using clipboard = await XClipboard.open(desktop.display, systemClock);
  using client = await SelectionClient.open(desktop.display);
  const { atoms } = client;
  const early = await client.connection.serverTime(client.window);
  await clipboard.put({ text: utf8('Grüße') });
  t.is(await client.request(await client.connection.atom('MULTIPLE')), 0);
  t.is(await client.request(atoms['image/png']), 0);
  t.is(await client.request(ATOM.string), 0, 'not Latin-1');
  t.is(await client.request(atoms.UTF8_STRING, early - 1), 0, 'before it was owned');
  t.is(await client.request(atoms.TIMESTAMP), atoms.LIVELET_CLIPBOARD);
});

test.serial(
  'an owner that is silent, dies in the middle or lies is told as such, and the next copy works',
  async (t) => {
    await using ends = await watched();
    const { display } = ends.desktop;
    {
      using silent = await SelectionClient.open(display);
      await silent.own(() => undefined);
      await ends.told(1);
    }
    t.is(ends.copied[0]?.refusal, 'clipboard-unreadable');
    {
      const dying = await SelectionClient.open(display);
      let pieces = 0;
      await dying.own((request, { atoms }) => {
        if (request.target === atoms.TARGETS) return dying.offer(request, [atoms['image/png']]);
        return dying.beginPieces(request, 10_000_000, () => {
          pieces += 1;
          if (pieces === 3) dying[Symbol.dispose]();
          else
            dying.connection.setProperty(
              request.requestor,
              request.property,
              request.target,
              8,
              new Uint8Array(1000),
            );
        });
      });
      await ends.told(2);
    }
    t.is(ends.copied[1]?.refusal, 'clipboard-unreadable');
    await ends.desktop.copy('after all');
    await ends.told(3);
    t.deepEqual(ends.copied[2]?.content, { text: utf8('after all') });
  },
);

test.serial('too much is refused before it is read, whatever its owner says', async (t) => {
  await using ends = await watched();
  await ends.desktop.copy('x'.repeat(MAX_CLIPBOARD_TEXT + 1));
  await ends.told(1);
  t.is(ends.copied[0]?.refusal, 'clipboard-too-large');
  using endless = await SelectionClient.open(ends.desktop.display);
  let sent = 0;
  await endless.own((request, { atoms, connection }) => {
    if (request.target === atoms.TARGETS) return endless.offer(request, [atoms['image/png']]);
    return endless.beginPieces(request, 1, () => {
      sent += 200_000;
      connection.setProperty(request.requestor, request.property, request.target, 8, new Uint8Array(200_000));
    });
  });
  await ends.told(2);
  t.is(ends.copied[1]?.refusal, 'clipboard-too-large');
  t.true(sent <= MAX_CLIPBOARD_BYTES + 400_000);
});

test.serial('an owner that gives a little for ever is told as such, and the next copy works', async (t) => {
  let passed = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + passed };
  await using ends = await watched(clock);
  using dripping = await SelectionClient.open(ends.desktop.display);
  let pieces = 0;
  await dripping.own((request, { atoms, connection }) => {
    if (request.target === atoms.TARGETS) return dripping.offer(request, [atoms['image/png']]);
    return dripping.beginPieces(request, 1, () => {
      pieces += 1;
      passed += 1_000;
      connection.setProperty(request.requestor, request.property, request.target, 8, Uint8Array.of(1));
    });
  });
  await ends.told(1);
  t.is(ends.copied[0]?.refusal, 'clipboard-unreadable');
  t.true(pieces < 30, `${pieces} pieces`);
  await ends.desktop.copy('after all');
  await ends.told(2);
  t.deepEqual(ends.copied[1]?.content, { text: utf8('after all') });
});

test.serial('copied files are told by their paths, whichever way a file manager gives them', async (t) => {
  await using ends = await watched();
  const many = Array.from({ length: 100_000 }, (_, n) => `file:///home/${n}`).join('\r\n');
  const cases = [
    [
      'file:///home/anna/x.txt\r\nfile:///home/anna/y\r\n',
      'text/uri-list',
      ['/home/anna/x.txt', '/home/anna/y'],
      0,
    ],
    ['cut\nfile:///home/anna/a%20b', 'x-special/gnome-copied-files', ['/home/anna/a b'], 0],
    ['smb://server/share/x.txt\r\nfile:///home/z', 'text/uri-list', ['/home/z'], 1],
    [many, 'text/uri-list', [], 20_000],
  ] as const;
  for (const [number, [content, target, paths, others]] of cases.entries()) {
    await ends.desktop.copy(content, target);
    await ends.told(number + 1);
    const copied = ends.copied[number];
    t.is(copied?.refusal, 'clipboard-files', target);
    t.deepEqual(copied?.files, { paths: [...paths], others });
  }
  // No text in its place, nor a list that doesn't end.
  for (const list of [Uint8Array.of(0x41, 0xff), `file:///home/${'x'.repeat(MAX_FILE_LIST)}`]) {
    await ends.desktop.copy(list, 'text/uri-list');
    await ends.told(ends.copied.length + 1);
    t.is(ends.copied.at(-1)?.refusal, 'clipboard-files');
    t.is(ends.copied.at(-1)?.files, undefined);
  }
});

test.serial('files, secrets, other forms and damaged pictures stay', async (t) => {
  await using ends = await watched();
  const cases = [
    ['secret', 'x-kde-passwordManagerHint', 'clipboard-secret'],
    ['BM', 'image/bmp', 'clipboard-format'],
    ['no picture', 'image/png', 'clipboard-malformed'],
    [Uint8Array.of(0x41, 0xff), 'UTF8_STRING', 'clipboard-malformed'],
  ] as const;
  for (const [number, [content, target, refusal]] of cases.entries()) {
    await ends.desktop.copy(content, target);
    await ends.told(number + 1);
    t.is(ends.copied[number]?.refusal, refusal, target);
    t.is(ends.copied[number]?.content, undefined, target);
  }
});

test.serial('of a flood of copies the last one is told, and few others', async (t) => {
  await using ends = await watched();
  using flood = await SelectionClient.open(ends.desktop.display);
  let text = '';
  const owner = await flood.connection.serverTime(flood.window);
  t.true(owner > 0);
  await flood.own((request, { atoms, connection }) => {
    if (request.target === atoms.TARGETS) return flood.offer(request, [atoms.UTF8_STRING]);
    connection.setProperty(request.requestor, request.property, request.target, 8, utf8(text));
    return request.property;
  });
  for (let n = 0; n <= 500; n += 1) {
    text = `copy ${n}`;
    flood.connection.own(
      flood.window,
      flood.atoms.CLIPBOARD,
      await flood.connection.serverTime(flood.window),
    );
  }
  const last = (): string => Buffer.from(ends.copied.at(-1)?.content?.text ?? []).toString();
  for (let count = 1; last() !== 'copy 500'; count += 1) await ends.told(count);
  t.true(ends.copied.length < 20, `${ends.copied.length} were told`);
});

test.serial('PRIMARY is neither read nor written', async (t) => {
  await using ends = await watched();
  using client = await SelectionClient.open(ends.desktop.display);
  const primary = await client.connection.atom('PRIMARY');
  client.connection.own(client.window, primary, await client.connection.serverTime(client.window));
  await ends.clipboard.put({ text: utf8('put') });
  t.is(await client.connection.ownerOf(primary), client.window);
  await ends.desktop.copy('one');
  await ends.told(1);
  t.is(ends.copied.length, 1);
});
