import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asLiveletError, type FileOffer, type FileOffering, MAX_TRANSFER_ITEMS } from '@livelet/core';
import type { Assertions, TestFunction } from './test-function.js';

/** The files of a computer whose person may give some, in a session in which nothing is allowed yet. */
export interface FileOfferingUnderTest extends AsyncDisposable {
  readonly offering: FileOffering;
  /** An empty folder. */
  readonly sandbox: string;
  /** Lets the other person take files. */
  allow(): void;
  /** What the other person is told that they can take, once it is so many things. */
  onOffer(count: number): Promise<readonly FileOffer[]>;
  /** Ends the session. */
  end(): Promise<void>;
}

const NEVER = new AbortController().signal;

/**
 * Runs all cases of the contract of FileOffering.
 *
 * @param open a fresh one for each case
 */
export function testFileOffering(test: TestFunction, open: () => Promise<FileOfferingUnderTest>): void {
  test('file offering: finds ordinary files and folders, and nothing else', async (t) => {
    await using tested = await open();
    const { given, refused } = await makeFiles(tested.sandbox);
    const found = await tested.offering.look([...refused, ...given.map(({ path }) => path)], NEVER);
    t.deepEqual(found, given);
    for (const path of refused) t.deepEqual(await tested.offering.look([path], NEVER), [], path);
  });

  test('file offering: stops looking when nobody wants to know', async (t) => {
    await using tested = await open();
    const { given } = await makeFiles(tested.sandbox);
    const paths = given.map(({ path }) => path);
    t.deepEqual(await tested.offering.look(paths, AbortSignal.abort()), []);
  });

  test('file offering: gives nothing that may not be taken', async (t) => {
    await using tested = await open();
    const { given } = await makeFiles(tested.sandbox);
    await isRefused(t, tested, given[0]?.path, 'not-granted');
    tested.allow();
    t.deepEqual(await tested.onOffer(0), []);
  });

  test('file offering: what is given is on offer, with what is in it, and the rest stays', async (t) => {
    await using tested = await open();
    const { given, refused } = await makeFiles(tested.sandbox);
    tested.allow();
    await tested.offering.offer([...refused, ...given.map(({ path }) => path)]);
    const [offer, ...others] = await tested.onOffer(1);
    t.is(others.length, 0);
    // The folder's own file is the third.
    t.deepEqual({ ...offer, id: '' }, { id: '', name: 'report.pdf', items: 3, bytes: 11 });
  });

  test('file offering: of what can’t be given nothing is on offer', async (t) => {
    await using tested = await open();
    const { refused } = await makeFiles(tested.sandbox);
    tested.allow();
    for (const path of refused) await isRefused(t, tested, path, 'file-unreadable');
    t.deepEqual(await tested.onOffer(0), []);
  });

  test('file offering: what has gone since it was looked at isn’t given', async (t) => {
    await using tested = await open();
    const { given } = await makeFiles(tested.sandbox);
    tested.allow();
    const [file] = await tested.offering.look([given[0]?.path ?? ''], NEVER);
    await rm(file?.path ?? '');
    await symlink('/etc/hostname', file?.path ?? '');
    await isRefused(t, tested, file?.path, 'file-unreadable');
    t.deepEqual(await tested.onOffer(0), []);
  });

  test('file offering: takes no more than one transfer does', async (t) => {
    await using tested = await open();
    const { given } = await makeFiles(tested.sandbox);
    tested.allow();
    const many = Array.from({ length: MAX_TRANSFER_ITEMS + 1 }, () => given[0]?.path ?? '');
    const error = await tested.offering.offer(many).catch(asLiveletError);
    t.is(error?.code, 'file-too-many');
    t.deepEqual(await tested.onOffer(0), []);
  });

  test('file offering: gives nothing after the session', async (t) => {
    await using tested = await open();
    const { given } = await makeFiles(tested.sandbox);
    tested.allow();
    await tested.end();
    await isRefused(t, tested, given[0]?.path, 'not-granted');
  });
}

/** What can be given, and what a hostile list may name instead. */
async function makeFiles(sandbox: string) {
  const at = (name: string): string => join(sandbox, name);
  await writeFile(at('report.pdf'), 'report');
  await mkdir(at('photos'));
  await writeFile(at('photos/x.txt'), 'photo');
  await symlink('x.txt', at('photos/link.txt'));
  await symlink('report.pdf', at('link.pdf'));
  await symlink('photos', at('link'));
  await symlink('/proc/self', at('itself'));
  await writeFile(at('two\nlines'), 'two lines');
  execFileSync('mkfifo', [at('pipe')]);
  return {
    given: [
      { path: at('report.pdf'), kind: 'file' },
      { path: at('photos'), kind: 'folder' },
    ] as const,
    refused: [
      ...['gone.txt', 'link.pdf', 'link', 'pipe', 'two\nlines', 'itself/environ'].map(at),
      `${sandbox}/photos/..`,
      ...['/proc/self/environ', '/proc', '/dev/null', '/sys/kernel', '/', 'report.pdf', ''],
      at(`${'long'.repeat(300)}.txt`),
    ],
  };
}

async function isRefused(
  t: Assertions,
  { offering }: FileOfferingUnderTest,
  path = '',
  code: string,
): Promise<void> {
  const error = await offering.offer([path]).then(() => undefined, asLiveletError);
  t.is<string | undefined>(error?.code, code, path);
}
