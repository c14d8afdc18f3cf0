import type { DisplayMediaRequestHandlerHandlerRequest, Streams } from 'electron';
import type { ElectronParts, PageSession } from './electron-parts.js';

/**
 * Lets the page at `origin` capture a screen when it asks (getDisplayMedia, after a press of a button in it). macOS and
 * Wayland have a picker of their own, which is shown; elsewhere Electron has none, and the first screen is taken.
 */
export function allowScreenCapture(
  session: PageSession,
  { desktopCapturer }: Pick<ElectronParts, 'desktopCapturer'>,
  origin: string,
): void {
  const streams = async ({
    frame,
    videoRequested,
  }: DisplayMediaRequestHandlerHandlerRequest): Promise<Streams | null> => {
    if (frame?.origin !== origin || !videoRequested) return null;
    const thumbnailSize = { width: 0, height: 0 };
    const [screen] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize });
    return screen ? { video: screen } : null;
  };
  session.setDisplayMediaRequestHandler(
    (request, answer) => {
      // An answer of null refuses, as does a system that lets no program see its screen.
      streams(request).then(answer, () => answer(null));
    },
    { useSystemPicker: true },
  );
}
