import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { checkReceipt, LiveletError, MAX_RECEIPT_FILE } from '@livelet/core';
import { ExitCode, programCommand, runProgram, textOption } from '@livelet/program';
import { verdict } from './verdict.js';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

const verify = programCommand({
  name: 'verify',
  about:
    'Says who signed a receipt, whether it was changed, and what the other end’s receipt tells differently.',
  example: '--file receipt.json --other theirs.json',
  options: {
    file: textOption({ about: 'the receipt, .json', placeholder: 'file', fallback: 'receipt.json' }),
    other: textOption({ about: 'the other end’s receipt', placeholder: 'file', fallback: undefined }),
  },
  main: async ({ options, locale, print }) => {
    const first = checkReceipt(await read(options.file));
    const second = options.other === undefined ? undefined : checkReceipt(await read(options.other));
    const { lines, holds } = verdict(first, second, locale);
    for (const line of lines) print(line);
    if (!holds) process.exitCode = ExitCode.failure;
  },
});

void runProgram({
  name: 'livelet-receipt',
  version,
  about: 'Checks receipts of sessions.',
  example: 'verify --file receipt.json --other theirs.json',
  options: {},
  commands: [verify],
});

async function read(file: string): Promise<string> {
  const refuse = (problem: string, cause?: unknown): LiveletError =>
    new LiveletError('config-unreadable', `${file}: ${problem}`, { cause, data: { file, problem } });
  try {
    await using handle = await open(file, 'r');
    if ((await handle.stat()).size > MAX_RECEIPT_FILE) throw refuse('too long');
    return await handle.readFile('utf8');
  } catch (cause) {
    if (cause instanceof LiveletError) throw cause;
    throw refuse((cause as NodeJS.ErrnoException).code ?? 'unreadable', cause);
  }
}
