import { once } from 'node:events';
import { LiveletError } from '@livelet/core';
import { choiceOption, numberOption, programCommand, runProgram, textOption } from '../src/index.js';

await runProgram({
  name: 'livelet-fixture',
  version: '1.0.0',
  about: 'Ends in many ways.',
  options: {
    what: choiceOption({
      about: 'which way',
      values: ['options', 'port', 'mistake', 'wait', 'hang', 'linger'],
      fallback: 'options',
    }),
    number: numberOption({ about: 'any', from: 0, to: 9, fallback: 1 }),
  },
  commands: [
    programCommand({
      name: 'count',
      about: 'Counts.',
      options: { upTo: numberOption({ about: 'how far', from: 1, to: 9, fallback: 3 }) },
      main: async ({ options, print }) => print(`counted to ${options.upTo}`),
    }),
    programCommand({
      name: 'pet feed',
      about: 'Feeds a pet.',
      options: { pet: textOption({ about: 'which', fallback: 'cat' }) },
      main: async ({ options, locale, print }) => print(`${options.pet} ${locale}`),
    }),
  ],
  main: async ({ options, signal, locale, print }) => {
    const forever = setInterval(() => {}, 60_000);
    if (options.what === 'port') throw new LiveletError('port-in-use', undefined, { data: { port: 80 } });
    if (options.what === 'mistake') throw new TypeError('not a function');
    if (options.what === 'wait') {
      print('waiting');
      await once(signal, 'abort');
      print('stopped');
    } else if (options.what === 'hang') {
      signal.addEventListener('abort', () => print('asked'));
      print('hanging');
      await new Promise(() => {});
    } else if (options.what === 'options') {
      print(`number ${options.number} ${locale}`);
    }
    if (options.what !== 'linger') clearInterval(forever);
  },
});
