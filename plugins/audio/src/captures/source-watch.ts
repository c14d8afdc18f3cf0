import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How long the sound server has to answer, ms, and how much it may say, bytes. */
const DEADLINE = 5000;
const MAX_ANSWER = 4 * 1024 * 1024;
/** The recorder's stream has it as a property, with what tells it from every other one. */
const PROPERTY = 'livelet.recording';

/**
 * Watches from what PulseAudio lets one program record. When a device is unplugged the server moves whoever records it to
 * another one, and says so to nobody: from a microphone to what the computer plays, or the other way round. Who
 * allowed the one hasn't allowed the other.
 */
export class SourceWatch implements Disposable {
  readonly #id: string;
  readonly #played: boolean;
  readonly #moved: () => void;
  readonly #events: ChildProcess;
  /** The stream's index at the server, once it is known. */
  #stream: number | undefined;
  #look = 0;
  /** The server tells what happens: nothing is missed from here on. */
  #isTold = false;
  #isRight = false;
  #isOver = false;

  /**
   * @param id what `environment` was made of
   * @param played whether it is to record what the computer plays; otherwise a microphone
   * @param moved it records the other, or nobody can tell what
   */
  constructor(id: string, played: boolean, moved: () => void) {
    this.#id = id;
    this.#played = played;
    this.#moved = moved;
    this.#events = spawn('pactl', ['subscribe'], {
      // Its words are the same in every language then.
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#events.on('error', () => this.#end());
    this.#events.on('close', () => this.#end());
    if (this.#events.stdout) createInterface(this.#events.stdout).on('line', (line) => this.#follow(line));
  }

  /** For the program that records. */
  static environment(id: string): Readonly<Record<'PULSE_PROP', string>> {
    const { PULSE_PROP: others = '' } = process.env;
    return { PULSE_PROP: `${others} ${PROPERTY}=${id}`.trim() };
  }

  /** Whether what is recorded now is known to be what it should be. */
  get isRight(): boolean {
    return this.#isRight && !this.#isOver;
  }

  /** Looks where the stream is. @returns whether it is where it should be */
  async check(): Promise<boolean> {
    const look = ++this.#look;
    this.#isRight = false;
    let isRight: boolean;
    let wasTold: boolean;
    do {
      wasTold = this.#isTold;
      // Who asks the server is an event too.
      isRight = await this.#isAtRightSource().catch(() => false);
    } while (!wasTold && isRight && !this.#isOver);
    // What changed meanwhile is looked at anew.
    if (look !== this.#look || this.#isOver) return this.isRight;
    this.#isRight = isRight;
    if (!isRight) this.#end();
    return isRight;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#events.kill();
  }

  /** `Event 'change' on source-output #3`: moved, or only made louder. */
  #follow(line: string): void {
    this.#isTold = true;
    if (line.trim() === `Event 'change' on source-output #${this.#stream}`) void this.check();
  }

  async #isAtRightSource(): Promise<boolean> {
    const [streams, sources] = await Promise.all([list('source-outputs'), list('sources')]);
    const own = streams.find(({ properties }) => (properties as Listed | undefined)?.[PROPERTY] === this.#id);
    const source = sources.find(({ index }) => index === own?.source);
    if (typeof own?.index !== 'number' || typeof source?.name !== 'string') return false;
    this.#stream = own.index;
    return source.name.endsWith('.monitor') === this.#played;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.kill();
    this.#moved();
  }
}

type Listed = Readonly<Record<string, unknown>>;

async function list(what: 'source-outputs' | 'sources'): Promise<readonly Listed[]> {
  const options = { timeout: DEADLINE, maxBuffer: MAX_ANSWER };
  const { stdout } = await run('pactl', ['--format=json', 'list', what], options);
  const listed: unknown = JSON.parse(stdout);
  return Array.isArray(listed) ? listed : [];
}
