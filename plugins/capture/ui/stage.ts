import {
  decodeSourceMessage,
  encodeViewerMessage,
  type FrameMessage,
  type PanelContext,
  type PortMessage,
  type SourceMessage,
  STAGE_GEOMETRY_EVENT,
  STAGE_ZOOM_EVENT,
  type ZoomStep,
} from '@livelet/core/page';
import type { StageToViewer, ViewerToStage } from '../src/page-protocol.js';
import { CursorLayer } from './cursor-layer.js';
import { FramePainter } from './frame-painter.js';
import { stageSheet } from './stage-sheet.js';
import { StateNotice } from './state-notice.js';
import { Statistics } from './statistics.js';
import { TEXT } from './strings.js';
import { Viewport } from './viewport.js';

/** The picture of the other screen with its cursor above it, or why there is none. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  return new Stage(context);
}

class Stage implements Disposable {
  readonly #context: PanelContext<HTMLElement>;
  readonly #canvas = document.createElement('canvas');
  readonly #viewport: Viewport;
  readonly #cursor: CursorLayer;
  readonly #painter: FramePainter;
  readonly #statistics: Statistics;
  readonly #notice: StateNotice;
  readonly #resources = new DisposableStack();

  constructor(context: PanelContext<HTMLElement>) {
    this.#context = context;
    this.#canvas.dataset.liveletStage = '';
    this.#canvas.setAttribute('role', 'img');
    this.#viewport = this.#resources.use(new Viewport(this.#canvas));
    this.#cursor = new CursorLayer(this.#canvas);
    this.#viewport.picture.append(this.#cursor.element);
    this.#statistics = this.#resources.use(new Statistics(this.#canvas));
    this.#notice = new StateNotice(() => this.#say({ type: 'again' }));
    this.#painter = new FramePainter(this.#canvas, {
      drawn: (frame, time) => this.#drawn(frame, time),
      broken: () => this.#say({ type: 'broken' }),
    });
    this.#build();
    this.#resources.use(context.port.onMessage((message) => this.#receive(message)));
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  #build(): void {
    const { root } = this.#context;
    const host = document.createElement('div');
    host.className = 'll-screen';
    const shadow = host.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [stageSheet()];
    shadow.append(this.#viewport.element, this.#notice.element);
    root.append(host);
    this.#resources.defer(() => host.remove());
    // The page around sends it to the slot, which several pieces share.
    const slot = root.parentElement ?? root;
    const zoom = (event: Event): void => this.#viewport.step((event as CustomEvent<ZoomStep>).detail);
    slot.addEventListener(STAGE_ZOOM_EVENT, zoom);
    this.#resources.defer(() => slot.removeEventListener(STAGE_ZOOM_EVENT, zoom));
    this.#canvas.addEventListener(STAGE_GEOMETRY_EVENT, () => this.#cursor.setScale(this.#viewport.scale));
    this.#relabel();
    this.#resources.use(this.#context.onLocale(() => this.#relabel()));
  }

  #relabel(): void {
    const { locale } = this.#context;
    this.#canvas.ariaLabel = TEXT.picture[locale];
    this.#notice.setLocale(locale);
  }

  #receive({ json, bytes }: PortMessage): void {
    if (bytes) {
      this.#take(decodeSourceMessage(bytes));
      return;
    }
    const { state, error } = json as unknown as ViewerToStage;
    this.#viewport.element.hidden = state !== 'viewing' && state !== 'resuming';
    this.#notice.show(state, error);
  }

  #take(message: SourceMessage): void {
    switch (message.type) {
      case 'geometry':
        this.#painter.restart(message.width, message.height);
        this.#viewport.setPicture(message.width, message.height, message.x, message.y);
        break;
      case 'frame':
        this.#painter.add(message);
        break;
      case 'cursor-shape':
        this.#cursor.setShape(message);
        break;
      case 'cursor-position':
        this.#cursor.moveTo(message.x, message.y);
        break;
    }
  }

  #drawn({ generation, number, age }: FrameMessage, time: number): void {
    const drawTime = Math.round(time * 1000);
    const bytes = encodeViewerMessage({ type: 'acknowledge', generation, number, drawTime });
    this.#context.port.post({ json: null, bytes });
    this.#statistics.drawn(age + time);
  }

  #say(message: StageToViewer): void {
    this.#context.port.post({ json: message });
  }
}
