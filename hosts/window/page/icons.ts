/**
 * The bundled icons, drawn on 24 by 24 with a stroke of 2 and round ends. Each is the
 * inside of an `<svg>`.
 */
export const ICONS = {
  alert: '<path d="M12 3 2 20h20z"/><path d="M12 10v4M12 17v.01"/>',
  camera: '<path d="M3 8h4l2-3h6l2 3h4v11H3z"/><circle cx="12" cy="13" r="3.5"/>',
  chat: '<path d="M4 4h16v12H9l-5 4z"/>',
  check: '<path d="m4 13 5 5L20 6"/>',
  'chevron-down': '<path d="m5 9 7 7 7-7"/>',
  'chevron-left': '<path d="m15 5-7 7 7 7"/>',
  'chevron-right': '<path d="m9 5 7 7-7 7"/>',
  clipboard: '<rect x="5" y="4" width="14" height="17" rx="2"/><path d="M9 2h6v4H9z"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>',
  close: '<path d="M5 5l14 14M19 5 5 19"/>',
  control: '<path d="m5 3 14 8-6 2-3 6z"/>',
  copy: '<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M4 16V6a2 2 0 0 1 2-2h10"/>',
  dot: '<circle cx="12" cy="12" r="5" fill="currentColor"/>',
  expand: '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>',
  eye: '<path d="M2 12q4-7 10-7t10 7q-4 7-10 7T2 12z"/><circle cx="12" cy="12" r="3"/>',
  'eye-off': '<path d="M2 12q4-7 10-7t10 7q-4 7-10 7T2 12z"/><path d="M4 20 20 4"/>',
  file: '<path d="M6 2h8l5 5v15H6z"/><path d="M14 2v5h5"/>',
  fit: '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M8 12h8M8 12l2-2M8 12l2 2M16 12l-2-2M16 12l-2 2"/>',
  help: '<circle cx="12" cy="12" r="9"/><path d="M9 9.5a3 3 0 1 1 4 2.8q-1 .5-1 1.7M12 17v.01"/>',
  info: '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.01"/>',
  keyboard:
    '<rect x="2" y="6" width="20" height="12" rx="2"/><path d="M6 10h.01M10 10h.01M14 10h.01M18 10h.01M7 14h10"/>',
  language: '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3q-4 4-4 9t4 9q4-4 4-9t-4-9z"/>',
  link: '<path d="M9 15 15 9M10 6l2-2a5 5 0 0 1 7 7l-2 2M14 18l-2 2a5 5 0 0 1-7-7l2-2"/>',
  lock: '<rect x="5" y="11" width="14" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>',
  microphone: '<rect x="9" y="2" width="6" height="12" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v4"/>',
  minus: '<path d="M5 12h14"/>',
  monitor: '<rect x="2" y="4" width="20" height="13" rx="2"/><path d="M8 21h8M12 17v4"/>',
  more: '<path d="M5 12h.01M12 12h.01M19 12h.01"/>',
  mouse: '<rect x="6" y="2" width="12" height="20" rx="6"/><path d="M12 6v4"/>',
  'monitor-off':
    '<rect x="2" y="4" width="20" height="13" rx="2"/><path d="M8 21h8M12 17v4M8 7l8 7M16 7l-8 7"/>',
  move: '<path d="M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3"/>',
  pause: '<path d="M8 5v14M16 5v14"/>',
  phone: '<path d="M5 3h4l2 5-3 2q2 4 6 6l2-3 5 2v4q0 2-2 2Q9 20 3 5q0-2 2-2z"/>',
  play: '<path d="M7 4v16l12-8z"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  receipt: '<path d="M5 2v20l3-2 2 2 2-2 2 2 2-2 3 2V2z"/><path d="M9 8h6M9 12h6"/>',
  refresh: '<path d="M20 11a8 8 0 1 0-2 6M20 4v7h-7"/>',
  save: '<path d="M12 3v12M7 10l5 5 5-5M4 20h16"/>',
  search: '<circle cx="11" cy="11" r="7"/><path d="m16 16 5 5"/>',
  send: '<path d="M3 11 21 3l-7 18-3-8z"/>',
  settings:
    '<path d="M3 7h10M19 7h2M3 17h2M11 17h10"/><circle cx="16" cy="7" r="3"/><circle cx="8" cy="17" r="3"/>',
  shield: '<path d="M12 2 4 5v7q0 6 8 10 8-4 8-10V5z"/>',
  stop: '<rect x="5" y="5" width="14" height="14" rx="1" fill="currentColor"/>',
  user: '<circle cx="12" cy="8" r="4"/><path d="M4 21q1-7 8-7t8 7"/>',
  video: '<rect x="2" y="6" width="13" height="12" rx="2"/><path d="m15 11 7-4v10l-7-4"/>',
  volume: '<path d="M3 9v6h4l5 4V5L7 9zM16 9q2 3 0 6M19 6q4 6 0 12"/>',
  'zoom-in': '<circle cx="11" cy="11" r="7"/><path d="m16 16 5 5M11 8v6M8 11h6"/>',
  'zoom-out': '<circle cx="11" cy="11" r="7"/><path d="m16 16 5 5M8 11h6"/>',
} as const;

export type IconName = keyof typeof ICONS;

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(ICONS, name);
}

/** A whole SVG document. */
export function iconSvg(name: IconName): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
    `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${ICONS[name]}</svg>`
  );
}
