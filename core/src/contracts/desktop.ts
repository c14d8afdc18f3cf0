import type { ServiceIdentifier } from 'inversify';

/** What only a program with windows of its own can do on the person's desktop. Bound where the host's shell can. */
export interface Desktop {
  /** Opens the folder that a file or folder is in, with it marked. @param path absolute */
  showInFolder(path: string): void;
  /** Has the person choose a folder. @param start absolute path of where they begin @returns undefined: none chosen */
  chooseFolder(start: string): Promise<string | undefined>;
}
export const Desktop: ServiceIdentifier<Desktop> = Symbol.for('@livelet/Desktop');
