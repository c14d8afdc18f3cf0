/**
 * What can take the screen's pictures here: the X display where it is the desktop, else the browser. On Wayland there
 * is an X display too, which sees only the windows of X programs.
 */
export function captureWay(display: string, environment: NodeJS.ProcessEnv): 'x11' | 'web' {
  const wayland = environment.XDG_SESSION_TYPE === 'wayland' || (environment.WAYLAND_DISPLAY ?? '') !== '';
  const shared = display !== '' && (!wayland || display !== environment.DISPLAY);
  return shared ? 'x11' : 'web';
}
