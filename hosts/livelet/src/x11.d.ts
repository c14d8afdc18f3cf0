/** The part of npm `x11` that this host uses; the package has no types of its own. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';

  interface XClient extends EventEmitter {
    readonly display: XDisplay;
    /** As the display's name says it. */
    readonly screenNum: string | number;
    terminate(): void;
  }
  interface XDisplay {
    readonly screen: readonly unknown[];
  }
  const x11: {
    /** Calls back once. @throws Error when the display's name makes no sense */
    createClient(options: { display: string }, callback: (error: Error | undefined) => void): XClient;
  };
  export default x11;
}
