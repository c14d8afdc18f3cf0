import { readFileSync } from 'node:fs';
import { type CheckedReceipt, checkReceipt, LiveletError, MAX_RECEIPT_FILE } from '@livelet/core';
import { ExitCode, programCommand, readNamedFile, runProgram, textOption } from '@livelet/program';
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
    const first = await read(options.file, '--file');
    const second = options.other === undefined ? undefined : await read(options.other, '--other');
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

async function read(file: string, option: string): Promise<CheckedReceipt> {
  const json = (await readNamedFile(file, MAX_RECEIPT_FILE, option)).toString();
  try {
    return checkReceipt(json);
  } catch (cause) {
    const problem =
      cause instanceof Error && cause.cause instanceof SyntaxError ? 'not JSON' : 'not a receipt';
    throw new LiveletError('receipt-invalid', `${file}: ${problem}`, { cause, data: { file, problem } });
  }
}
