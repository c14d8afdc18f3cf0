import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startXvfb } from '@livelet/compliance';

/** A display of its own, with programs that copy and paste on it. */
export interface Desktop extends AsyncDisposable {
  readonly display: string;
  /** A program copies, and keeps it until another one does, or it is ended. @param target such as `image/png` */
  copy(content: string | Uint8Array, target?: string): Promise<Program>;
  /** What a program pastes; undefined: it got nothing. */
  paste(target?: string): Promise<Buffer | undefined>;
}

export interface Program extends AsyncDisposable {
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** Real programs: xclip. */
export async function startDesktop(): Promise<Desktop> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb());
  const environment = { ...process.env, DISPLAY: server.name };
  const xclip = (...words: string[]) =>
    spawn('xclip', ['-selection', 'clipboard', ...words], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const owned = stack.move();
  return {
    display: server.name,
    async copy(content, target = 'UTF8_STRING') {
      // With -quiet it stays in front, and says so once it owns the selection.
      const child = xclip('-quiet', '-i', '-t', target);
      const ended = once(child, 'close');
      const owns = once(child.stderr, 'data');
      child.stdin.end(content);
      await Promise.race([owns, ended]);
      const kill = async (): Promise<void> => {
        child.kill('SIGKILL');
        await ended;
      };
      owned.defer(kill);
      return { kill, [Symbol.asyncDispose]: kill };
    },
    async paste(target = 'UTF8_STRING') {
      const child = xclip('-o', '-t', target);
      const parts: Buffer[] = [];
      child.stdout.on('data', (part: Buffer) => parts.push(part));
      const [status] = await once(child, 'close');
      return status === 0 ? Buffer.concat(parts) : undefined;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
