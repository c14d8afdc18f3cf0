import { hostname } from 'node:os';
import { MAX_TRANSFER_ITEMS } from '@livelet/core';
import test from 'ava';
import { readFileList } from '../src/x-selection/file-list.js';

const read = (text: string) => readFileList(new TextEncoder().encode(text));

test('names of files on this computer are read, each once', (t) => {
  t.deepEqual(
    read(
      [
        '# comment',
        'file:///home/anna/a%20b%C3%A8.txt',
        `file://${hostname()}/home/anna/own.txt`,
        'file://localhost/home/anna/local.txt',
        'file:///home/anna/photos/',
        'file:///home/anna/photos',
        'file:///home/anna/100%25%3F%23.txt',
      ].join('\r\n'),
    ),
    {
      paths: [
        '/home/anna/a bè.txt',
        '/home/anna/own.txt',
        '/home/anna/local.txt',
        '/home/anna/photos',
        '/home/anna/100%?#.txt',
      ],
      others: 0,
    },
  );
});

test('the first line of a file manager’s own list says what is done with them', (t) => {
  t.deepEqual(read('copy\nfile:///a\nfile:///b\0'), { paths: ['/a', '/b'], others: 0 });
  t.deepEqual(read('cut\nfile:///a'), { paths: ['/a'], others: 0 });
  t.deepEqual(read(''), { paths: [], others: 0 });
});

test('what is no path here is counted only', (t) => {
  const others = [
    'file://other-computer/home/anna/x.txt',
    'smb://server/x.txt',
    'https://example.com/x.txt',
    '/home/anna/x.txt',
    'file:///',
    'file:///home/x%2F..%2Fetc%2Fpasswd',
    'file:///home/nul%00.txt',
    'file:///home/broken%ff.txt',
    'file:///home/x.txt?y',
    'file:///home/x.txt#y',
    'words',
  ];
  t.deepEqual(read(others.join('\n')), { paths: [], others: others.length });
});

test('a way up leads where it says, and can’t hide that', (t) => {
  t.deepEqual(read('file:///home/anna/../../etc/passwd\nfile:///home/%2e%2e/etc/group'), {
    paths: ['/etc/passwd', '/etc/group'],
    others: 0,
  });
});

test('of more than one transfer takes none is read', (t) => {
  const list = (length: number): string => Array.from({ length }, (_, n) => `file:///home/${n}`).join('\n');
  t.is(read(list(MAX_TRANSFER_ITEMS)).paths.length, MAX_TRANSFER_ITEMS);
  t.deepEqual(read(list(MAX_TRANSFER_ITEMS + 1)), { paths: [], others: MAX_TRANSFER_ITEMS });
});
