import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode, LOCALES } from '@livelet/core';
import test from 'ava';
import { ICONS, iconSvg } from '../page/icons.js';
import { errorText } from '../page/texts/error-text.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test('every error has what happened and what to do next, each one sentence, in each language', (t) => {
  for (const locale of LOCALES) {
    for (const code of CODES) {
      const { what, next } = errorText(code, locale);
      for (const sentence of [what, next]) {
        t.regex(sentence, /^\p{Lu}[^.!?]{5,110}\.$/u, `${locale} ${code}: ${sentence}`);
      }
    }
  }
});

/** Of the pages and of the plugins' pieces in them. */
const SHOWN = ['hosts/*/pages', 'hosts/window/page', 'plugins/*/ui'];

test('apostrophes in shown texts are typographic, in each language', async (t) => {
  const folder = new URL('../../../../', import.meta.url).pathname;
  let files = 0;
  for (const place of SHOWN) {
    for await (const file of glob(`${place}/**/*.ts`, { cwd: folder })) {
      files += 1;
      const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
      // A string with an apostrophe of the keyboard stands in double quotes, as the formatter has it.
      const straight = lines.filter((line) => /^(?! *(\*|\/[/*])).*"[^"]*\p{L}'\p{L}[^"]*"/u.test(line));
      t.deepEqual(straight, [], file);
    }
  }
  t.true(files > 50);
});

test('no two codes say the same, and no language says what the other does', (t) => {
  for (const locale of LOCALES) {
    const texts = CODES.map((code) => errorText(code, locale).what);
    t.is(new Set(texts).size, texts.length, locale);
  }
  for (const code of CODES) t.not(errorText(code, 'en').what, errorText(code, 'it').what, code);
});

test('texts have none of the words that people would have to learn', (t) => {
  const jargon =
    /\b(protocol|handshake|nameplate|peer|token|stream|null|undefined|plugin|server|browser tab)\b/i;
  const anglicisms = /\b(server|token|plugin|desktop|password|download|chat|file di log|sharing)\b/i;
  for (const code of CODES) {
    const english = errorText(code, 'en');
    const italian = errorText(code, 'it');
    t.notRegex(`${english.what} ${english.next}`, jargon, code);
    t.notRegex(`${italian.what} ${italian.next}`, anglicisms, code);
  }
});

test('each icon is one small drawing that loads nothing', (t) => {
  for (const name of Object.keys(ICONS) as (keyof typeof ICONS)[]) {
    const svg = iconSvg(name);
    t.true(svg.length < 500, name);
    t.notRegex(svg.slice(svg.indexOf('>')), /href|script|style|url\(/, name);
  }
});
