import {
  type JsonValue,
  type PanelContext,
  type PictureRequest,
  STAGE_PICTURE_EVENT,
  type StagePicture,
} from '@livelet/core/page';
import type { PictureToRecorder, RecorderToPicture } from '../src/page-protocol.js';
import { PictureRun } from './picture-run.js';
import { SoundRun } from './sound-run.js';

type Context2d = OffscreenCanvasRenderingContext2D;

/** On the stage, never seen: takes pictures of what it shows while the recorder wants them. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { root, port } = context;
  // The slot lays its pieces over each other; the picture below keeps the mouse.
  root.style.pointerEvents = 'none';
  const marker = document.createElement('span');
  marker.hidden = true;
  root.append(marker);
  let running: DisposableStack | undefined;
  let picture: PictureRun | undefined;
  let sound: SoundRun | undefined;
  const stop = (): void => {
    running?.dispose();
    running = undefined;
  };
  const post = (message: PictureToRecorder, bytes?: Uint8Array): void => {
    const json = message as unknown as JsonValue;
    port.post(bytes === undefined ? { json } : { json, bytes });
  };
  let last = 0;
  const number = (): number => {
    last += 1;
    return last;
  };
  const run = (message: Extract<RecorderToPicture, { type: 'run' }>): void => {
    stop();
    const shown = stagePicture(root);
    if (shown === undefined) {
      post({ type: 'failed' });
      return;
    }
    running = new DisposableStack();
    picture = running.use(new PictureRun(shown, message, number, post));
    sound = message.sound ? running.use(new SoundRun(message.run, number, post)) : undefined;
  };
  const hearing = port.onMessage(({ json }) => {
    const message = json as unknown as RecorderToPicture;
    if (message.type === 'run') run(message);
    else if (message.type === 'pause') stop();
    else {
      picture?.taken(message.number);
      sound?.taken(message.number);
    }
  });
  return {
    [Symbol.dispose]: () => {
      hearing[Symbol.dispose]();
      stop();
      marker.remove();
    },
  };
}

function stagePicture(root: HTMLElement): StagePicture<Context2d> | undefined {
  let picture: StagePicture<Context2d> | undefined;
  const detail: PictureRequest<Context2d> = {
    answer: (answered) => {
      picture = answered;
    },
  };
  (root.parentElement ?? root).dispatchEvent(new CustomEvent(STAGE_PICTURE_EVENT, { detail }));
  return picture;
}
