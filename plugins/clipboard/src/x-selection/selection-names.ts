/** Targets (ICCCM 2.6.2) and media types by which text is asked for, best first. */
export const TEXT_TARGETS = ['UTF8_STRING', 'text/plain;charset=utf-8'] as const;

/** By which file managers give the names of copied files, best first. */
export const FILE_TARGETS = ['text/uri-list', 'x-special/gnome-copied-files'] as const;

/** All names of atoms that this plugin uses. */
export const ATOM_NAMES = [
  'CLIPBOARD',
  'TARGETS',
  'TIMESTAMP',
  'INCR',
  'TEXT',
  'text/plain',
  'text/html',
  'image/png',
  'x-kde-passwordManagerHint',
  'LIVELET_CLIPBOARD',
  ...TEXT_TARGETS,
  ...FILE_TARGETS,
] as const;
export type AtomName = (typeof ATOM_NAMES)[number];
export type Atoms = Readonly<Record<AtomName, number>>;
