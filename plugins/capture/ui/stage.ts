import {
  decodeSourceMessage,
  encodeViewerMessage,
  type FrameMessage,
  type LocalizedText,
  type PanelContext,
  type PictureRequest,
  type PortMessage,
  type QualityPreset,
  type SnapshotRequest,
  type SourceMessage,
  STAGE_GEOMETRY_EVENT,
  STAGE_MEASUREMENTS_EVENT,
  STAGE_PICTURE_EVENT,
  STAGE_QUALITY_EVENT,
  STAGE_SNAPSHOT_EVENT,
  STAGE_ZOOM_EVENT,
  type ViewerMessage,
  type ZoomStep,
} from '@livelet/core/page';
import type { StageToViewer, ViewerToStage } from '../src/viewer/page-protocol.js';
import { CursorLayer } from './canvas/cursor-layer.js';
import { FramePainter, type PainterListener } from './canvas/frame-painter.js';
import { ReducedPicture } from './canvas/reduced-picture.js';
import { ShownPicture } from './canvas/shown-picture.js';
import { snapshot } from './canvas/snapshot.js';
import { VideoPlayer } from './canvas/video-player.js';
import { Viewport } from './canvas/viewport.js';
import { measureAbilities } from './codecs/abilities.js';
import { MeasurementsTable } from './measurements/measurements-table.js';
import { Statistics } from './measurements/statistics.js';
import { PassingLine } from './passing-line.js';
import { stageSheet } from './stage-sheet.js';
import { StateNotice } from './state-notice.js';
import { monitorText, TEXT } from './strings.js';

/** The picture of the other screen with its cursor above it, or why there is none. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  return new Stage(context);
}

export class Stage implements Disposable {
  readonly #context: PanelContext<HTMLElement>;
  readonly #name: LocalizedText;
  readonly #canvas = document.createElement('canvas');
  readonly #viewport: Viewport;
  readonly #reduced: ReducedPicture;
  readonly #cursor: CursorLayer;
  readonly #painter: FramePainter;
  readonly #shown: ShownPicture;
  readonly #statistics: Statistics;
  readonly #measurements = new MeasurementsTable();
  readonly #notice: StateNotice;
  readonly #resources = new DisposableStack();
  readonly #line = this.#resources.use(new PassingLine());
  /** The source was told that videos can be decoded here. */
  #takesVideo = false;

  /** @param name of the picture, for people who can't see it */
  constructor(context: PanelContext<HTMLElement>, name: LocalizedText = TEXT.picture) {
    this.#context = context;
    this.#name = name;
    this.#canvas.dataset.liveletStage = '';
    this.#canvas.setAttribute('role', 'img');
    this.#viewport = this.#resources.use(new Viewport(this.#canvas));
    this.#reduced = this.#resources.use(new ReducedPicture(this.#canvas));
    this.#cursor = new CursorLayer(this.#canvas);
    this.#viewport.picture.append(this.#cursor.element);
    this.#shown = new ShownPicture(this.#canvas, this.#cursor, () => this.#isShown);
    this.#statistics = this.#resources.use(
      new Statistics(this.#canvas, (measurements) => this.#measurements.show(measurements)),
    );
    this.#notice = new StateNotice(() => this.#say({ type: 'again' }));
    const listener: PainterListener = {
      drawn: (frame, time, decodeTime) => this.#drawn(frame, time, decodeTime),
      broken: () => this.#broken(),
    };
    const videos = this.#resources.use(new VideoPlayer());
    this.#painter = new FramePainter(this.#canvas, listener, {
      videos,
      changed: (area) => this.#reduced.changed(area),
    });
    this.#build();
    this.#resources.use(context.port.onMessage((message) => this.#receive(message)));
    void this.#measure();
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
    shadow.append(
      this.#viewport.element,
      this.#measurements.element,
      this.#notice.element,
      this.#line.element,
    );
    root.append(host);
    this.#resources.defer(() => host.remove());
    // The page around sends it to the slot, which several pieces share.
    const slot = root.parentElement ?? root;
    this.#hear<ZoomStep>(slot, STAGE_ZOOM_EVENT, (step) => this.#viewport.step(step));
    this.#hear<boolean>(slot, STAGE_MEASUREMENTS_EVENT, (shown) => this.#measurements.setShown(shown));
    this.#hear<QualityPreset>(slot, STAGE_QUALITY_EVENT, (preset) => this.#tell({ type: 'quality', preset }));
    this.#hear<SnapshotRequest>(slot, STAGE_SNAPSHOT_EVENT, (request) => this.#picture(request));
    this.#hear<PictureRequest>(slot, STAGE_PICTURE_EVENT, ({ answer }) => answer(this.#shown));
    this.#canvas.addEventListener(STAGE_GEOMETRY_EVENT, () => this.#resized());
    this.#relabel();
    this.#resources.use(this.#context.onLocale(() => this.#relabel()));
  }

  #relabel(): void {
    const { locale } = this.#context;
    this.#canvas.ariaLabel = this.#name[locale];
    this.#measurements.setLocale(locale);
    this.#notice.setLocale(locale);
  }

  #hear<D>(slot: HTMLElement, type: string, act: (detail: D) => void): void {
    const listener = (event: Event): void => act((event as CustomEvent<D>).detail);
    slot.addEventListener(type, listener);
    this.#resources.defer(() => slot.removeEventListener(type, listener));
  }

  #resized(): void {
    const { scale } = this.#viewport;
    this.#cursor.setScale(scale);
    this.#reduced.setScale(scale);
    this.#measurements.setSize(this.#canvas.width, this.#canvas.height, scale * devicePixelRatio);
  }

  get #isShown(): boolean {
    return !this.#viewport.element.hidden && this.#viewport.hasPicture;
  }

  /** Nothing is answered while there is no picture. */
  #picture({ cursor, answer }: SnapshotRequest): void {
    if (!this.#isShown) return;
    answer(snapshot(this.#canvas, cursor ? this.#cursor : undefined));
  }

  #receive({ json, bytes }: PortMessage): void {
    if (bytes) {
      this.#take(decodeSourceMessage(bytes), bytes.length);
      return;
    }
    const message = json as unknown as ViewerToStage;
    if (message.type === 'monitor') {
      this.#line.show(monitorText(message.name, message.isThere), this.#context.locale);
      return;
    }
    const { state, error } = message;
    this.#viewport.element.hidden = state !== 'viewing' && state !== 'resuming';
    // What it told of a picture is older than that there is none.
    if (this.#viewport.element.hidden) this.#line.clear();
    this.#notice.show(state, error);
    this.#shown.changed();
  }

  #take(message: SourceMessage, length: number): void {
    switch (message.type) {
      case 'geometry':
        this.#painter.restart(message.width, message.height);
        this.#viewport.setPicture(message.width, message.height, message.x, message.y);
        this.#reduced.renew();
        break;
      case 'frame':
        this.#statistics.arrived(message, length);
        this.#painter.add(message);
        break;
      case 'cursor-shape':
        this.#cursor.setShape(message);
        this.#shown.changed();
        break;
      case 'cursor-position':
        this.#cursor.moveTo(message.x, message.y);
        this.#shown.changed();
        break;
    }
  }

  #drawn(frame: FrameMessage, time: number, decodeTime: number): void {
    const { generation, number } = frame;
    const drawTime = Math.round(time * 1000);
    this.#tell({ type: 'acknowledge', generation, number, drawTime });
    this.#statistics.drawn(frame, time, decodeTime);
    this.#shown.changed();
  }

  async #measure(): Promise<void> {
    const abilities = await measureAbilities();
    if (!abilities || this.#resources.disposed) return;
    this.#takesVideo = true;
    this.#tell(abilities);
  }

  /** What can't be drawn may be a video that this browser only seemed to know: once it is tried without. */
  #broken(): void {
    if (!this.#takesVideo) {
      this.#say({ type: 'broken' });
      return;
    }
    this.#takesVideo = false;
    this.#tell({ type: 'abilities', videos: [] });
    this.#tell({ type: 'refresh' });
  }

  #tell(message: ViewerMessage): void {
    this.#context.port.post({ json: null, bytes: encodeViewerMessage(message) });
  }

  #say(message: StageToViewer): void {
    this.#context.port.post({ json: message });
  }
}
