import test from 'ava';
import { HeldBackTable } from '../src/composition/held-back-table.js';
import { LiveletError } from '../src/errors.js';

test('what its only plugin holds back is held back, and each change is told once', (t) => {
  const table = new HeldBackTable();
  const screen = table.of(['view']);
  table.of(['chat']);
  const told: boolean[] = [];
  const listening = table.onChange(() => told.push(table.has('view')));
  t.false(table.has('view'));
  t.false(table.has('record'), 'nobody serves it');
  screen.set('view', true);
  screen.set('view', true);
  screen.set('view', false);
  t.deepEqual(told, [true, false]);
  listening[Symbol.dispose]();
  screen.set('view', true);
  t.deepEqual(told, [true, false]);
  t.true(table.has('view'));
  t.false(table.has('chat'));
});

test('one that goes by another plugin is not held back', (t) => {
  const table = new HeldBackTable();
  const [screen, camera] = [table.of(['view']), table.of(['camera', 'view'])];
  screen.set('view', true);
  t.false(table.has('view'));
  camera.set('view', true);
  t.true(table.has('view'));
});

test('a plugin speaks of what it serves, and of nothing else', (t) => {
  const screen = new HeldBackTable().of(['view']);
  t.is(t.throws(() => screen.set('control', true), { instanceOf: LiveletError })?.code, 'internal');
});
