import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LiveletError } from '@livelet/core/wire';
import { readPrivateFile, writeWholeFile } from '@livelet/program';

/** Lines of a token file. */
const MAX_TOKENS = 1000;
const TOKEN = /^[A-Za-z0-9_-]{32,128}$/;
const HEADER = /^Bearer ([A-Za-z0-9_-]{32,128})$/;

/** Who may ask for codes: a private file with one token a line, each an operator of its own. Only hashes stay in memory. */
export class OperatorTokens {
  readonly #hashes: readonly Buffer[];

  private constructor(tokens: readonly string[]) {
    this.#hashes = tokens.map(hash);
  }

  /**
   * Reads `file`, or makes it with one new token.
   * @throws `identity-unreadable` when others can read it, or it holds no token
   */
  static async load(file: string): Promise<OperatorTokens> {
    const text = await readPrivateFile(file);
    const lines = text?.split('\n').map((line) => line.trim());
    if (lines === undefined) {
      const token = randomBytes(32).toString('base64url');
      await writeWholeFile(file, `${token}\n`);
      return new OperatorTokens([token]);
    }
    const tokens = lines.filter((line) => TOKEN.test(line)).slice(0, MAX_TOKENS);
    if (tokens.length > 0) return new OperatorTokens(tokens);
    const data = { file, problem: 'holds no token' };
    throw new LiveletError('identity-unreadable', `${file}: holds no token`, { data });
  }

  /** A name for the operator whose token the `Authorization` header carries; undefined for any other header. */
  identify(header: string | undefined): string | undefined {
    const token = HEADER.exec(header ?? '')?.[1];
    if (token === undefined) return undefined;
    const presented = hash(token);
    // Every one is compared, so that the time says nothing of which one came near.
    const matches = this.#hashes.filter((known) => timingSafeEqual(known, presented));
    return matches[0]?.toString('hex', 0, 8);
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
