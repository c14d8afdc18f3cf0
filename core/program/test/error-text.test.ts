import { ERROR_CODES, type ErrorCode, LiveletError } from '@livelet/core';
import test from 'ava';
import { EXIT_CODE_TEXT } from '../src/exit-code.js';
import { cliErrorText, ExitCode, exitCodeOf } from '../src/index.js';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

test('every code has two sentences in both languages', (t) => {
  const data = {
    option: 'port',
    source: '--port',
    value: 'x',
    allowed: 'a number',
    file: '/f',
    problem: 'ENOENT',
    plugin: 'livelet.chat',
    proxy: 'proxy.example:3128',
    seq: 7,
    commands: 'keys, where',
    command: 'were',
  };
  for (const code of codes) {
    const error = new LiveletError(code, undefined, { data: { ...data, port: 1, host: 'h', key: 'pins' } });
    const [en, it] = [cliErrorText(error, 'en'), cliErrorText(error, 'it')];
    for (const text of [en, it]) {
      t.regex(text, /^\p{Lu}.+[.] ?.+[.]$/su, code);
      t.notRegex(text, /[{}?!]/, code);
    }
    t.not(en, it, code);
  }
});

test('the display that was tried is named', (t) => {
  const error = new LiveletError('display-unavailable', undefined, { data: { display: ':999' } });
  t.regex(cliErrorText(error, 'en'), /^There is no X display to share “:999”\./);
  t.regex(cliErrorText(new LiveletError('display-unavailable'), 'en'), /^There is no X display to share\./);
  const refused = new LiveletError('display-unavailable', undefined, {
    data: { display: ':0', problem: 'refused' },
  });
  t.regex(cliErrorText(refused, 'en'), /^The X display “:0” is there, but refuses this user\. .*XAUTHORITY/);
  t.regex(cliErrorText(refused, 'it'), /^Lo schermo X “:0” c’è, ma rifiuta questo utente\. .*XAUTHORITY/);
});

test('why a file can’t be read is told in words', (t) => {
  const error = new LiveletError('named-file-unreadable', undefined, {
    data: { file: '/f', problem: 'ENOENT', option: '--file' },
  });
  t.regex(
    cliErrorText(error, 'en'),
    /^The file \/f can’t be read: it isn’t there\. Check its name with --file/,
  );
  t.regex(cliErrorText(error, 'it'), /^Il file \/f non è leggibile: non c’è\./);
});

test('values can’t speak to the terminal', (t) => {
  const data = { option: 'port', source: '--port', value: '\u001b[2J\u202e', allowed: 'a number' };
  t.notRegex(cliErrorText(new LiveletError('option-invalid', undefined, { data }), 'en'), /\p{C}/u);
});

test('exit codes are distinct and described', (t) => {
  const numbers = Object.values(ExitCode);
  t.is(new Set(numbers).size, numbers.length);
  t.deepEqual(Object.keys(EXIT_CODE_TEXT).map(Number), numbers);
});

test('each error ends a program with its exit code', (t) => {
  t.is(exitCodeOf('option-invalid'), 2);
  t.is(exitCodeOf('relay-unreachable'), 3);
  t.is(exitCodeOf('port-in-use'), 4);
  t.is(exitCodeOf('display-unavailable'), 5);
  t.is(exitCodeOf('browser-missing'), 6);
  t.is(exitCodeOf('window-unavailable'), 6);
  t.is(exitCodeOf('identity-unreadable'), 7);
  for (const code of codes) t.true(exitCodeOf(code) > 0, code);
});
