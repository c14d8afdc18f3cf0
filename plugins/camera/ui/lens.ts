import type { JsonValue, PanelContext } from '@livelet/core/page';
import { HELD, type HostToLens, type LensToHost, type Pace } from '../src/page-protocol.js';
import { hasEnded, OpenCamera, problemOf } from './open-camera.js';
import { OWN_STREAM_EVENT, type OwnStreamRequest } from './own-stream.js';

/** Opens this computer's camera when the host wants it, encodes it, and stops it; shows nothing. */
export function mount({ port }: PanelContext<HTMLElement>): Disposable {
  const resources = new DisposableStack();
  let camera: OpenCamera | undefined;
  let pace: Pace = HELD;
  /** Counts openings here: one that nobody wants any more may still be in the browser's question. */
  let wanted = 0;

  const tell = (message: LensToHost, bytes?: Uint8Array): void => {
    const json = message as unknown as JsonValue;
    port.post(bytes ? { json, bytes } : { json });
  };
  const close = (): void => {
    wanted += 1;
    camera?.[Symbol.dispose]();
    camera = undefined;
  };
  const open = async (id: number, device?: string): Promise<void> => {
    close();
    const mine = wanted;
    try {
      const opened = await OpenCamera.open(device, {
        frame: (frame, bytes) => tell({ type: 'frame', id, ...frame }, bytes),
        ended: () => {
          if (mine !== wanted) return;
          close();
          tell({ type: 'closed', id, why: 'failed' });
        },
      });
      if (mine !== wanted) {
        opened[Symbol.dispose]();
        return;
      }
      camera = opened;
      opened.pace = pace;
      tell({ type: 'opened', id, device: opened.device, devices: await opened.devices() });
    } catch (error) {
      if (mine !== wanted) return;
      close();
      tell({ type: 'closed', id, why: problemOf(error) });
    }
  };
  resources.use(
    port.onMessage(({ json }) => {
      const message = json as unknown as HostToLens;
      if (message.type === 'open') void open(message.id, message.device);
      else if (message.type === 'close') close();
      else if (message.type === 'key') camera?.key();
      else {
        pace = message;
        if (camera) camera.pace = pace;
      }
    }),
  );
  resources.use(port.onClose(close));
  resources.defer(close);
  // The preview, a piece of its own, asks for what it shows.
  const answer = (event: Event): void => {
    if (camera && !hasEnded(camera.stream))
      (event as CustomEvent<OwnStreamRequest>).detail.answer(camera.stream);
  };
  document.addEventListener(OWN_STREAM_EVENT, answer);
  resources.defer(() => document.removeEventListener(OWN_STREAM_EVENT, answer));
  return resources;
}
