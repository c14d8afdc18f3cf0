import { STAGE_GEOMETRY_EVENT, type StageGeometry, type ZoomStep } from '@livelet/core/page';

/** How the picture is sized: into the room there is, or so many device pixels for each of its own. */
type Zoom = 'fit' | number;

/** Device pixels for each pixel of the display. */
const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** Where the picture is on the page: fitted, 1:1 or zoomed with scrolling. Tells the slot about each change. */
export class Viewport implements Disposable {
  /** Scrolls; holds the picture. */
  readonly element = document.createElement('div');
  /** As large as the displayed picture; the canvases fill it. */
  readonly picture = document.createElement('div');
  readonly #canvas: HTMLCanvasElement;
  readonly #resources = new DisposableStack();
  #zoom: Zoom = 'fit';
  #scale = 1;
  #width = 0;
  #height = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.element.className = 'viewport';
    this.picture.className = 'picture';
    this.picture.append(canvas);
    this.element.append(this.picture);
    const observer = new ResizeObserver(() => this.#layOut());
    observer.observe(this.element);
    this.#resources.defer(() => observer.disconnect());
    // The device's pixels change with the browser's zoom, also where the element's size doesn't.
    const resized = (): void => this.#layOut();
    window.addEventListener('resize', resized);
    this.#resources.defer(() => window.removeEventListener('resize', resized));
  }

  /** CSS pixels for each pixel of the display. */
  get scale(): number {
    return this.#scale;
  }

  get hasPicture(): boolean {
    return this.#width > 0;
  }

  setPicture(width: number, height: number, originX: number, originY: number): void {
    this.#width = width;
    this.#height = height;
    this.#canvas.dataset.originX = String(originX);
    this.#canvas.dataset.originY = String(originY);
    this.#layOut();
  }

  step(step: ZoomStep): void {
    const now = this.#scale * devicePixelRatio;
    const zooms: Readonly<Record<ZoomStep, Zoom>> = {
      fit: 'fit',
      actual: 1,
      // A little more than now: the steps themselves are rounded.
      in: STEPS.find((other) => other > now * 1.01) ?? now,
      out: STEPS.findLast((other) => other < now * 0.99) ?? now,
    };
    this.#zoom = zooms[step];
    this.#layOut();
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  #layOut(): void {
    const { element, picture } = this;
    // While it is hidden it has no room, and keeps its size.
    if (this.#width === 0 || element.clientWidth === 0) return;
    const middleX = (element.scrollLeft + element.clientWidth / 2) / Math.max(1, element.scrollWidth);
    const middleY = (element.scrollTop + element.clientHeight / 2) / Math.max(1, element.scrollHeight);
    element.classList.toggle('fit', this.#zoom === 'fit');
    this.#scale = this.#zoom === 'fit' ? this.#fittingScale() : this.#zoom / devicePixelRatio;
    picture.style.width = `${this.#width * this.#scale}px`;
    picture.style.height = `${this.#height * this.#scale}px`;
    // In the middle, but on a whole pixel of the page and of the device: between two every line would be blurred.
    const step = [1, 2, 3, 4].find((length) => isWhole(length * devicePixelRatio)) ?? 1;
    const room = (length: number, taken: number): string =>
      `${Math.max(0, Math.floor((length - taken * this.#scale) / 2 / step) * step)}px`;
    picture.style.marginInlineStart = room(element.clientWidth, this.#width);
    picture.style.marginBlockStart = room(element.clientHeight, this.#height);
    picture.style.imageRendering = isWhole(this.#scale * devicePixelRatio) ? 'pixelated' : 'auto';
    element.scrollLeft = middleX * element.scrollWidth - element.clientWidth / 2;
    element.scrollTop = middleY * element.scrollHeight - element.clientHeight / 2;
    this.#tell();
  }

  /** Never larger than 1:1. */
  #fittingScale(): number {
    const { clientWidth, clientHeight } = this.element;
    const fitting = Math.min(clientWidth / this.#width, clientHeight / this.#height);
    return Math.max(0.01, Math.min(1 / devicePixelRatio, fitting));
  }

  #tell(): void {
    const detail: StageGeometry = {
      width: this.#width,
      height: this.#height,
      scale: this.#scale,
      originX: Number(this.#canvas.dataset.originX),
      originY: Number(this.#canvas.dataset.originY),
    };
    const options = { detail, bubbles: true, composed: true };
    this.#canvas.dispatchEvent(new CustomEvent(STAGE_GEOMETRY_EVENT, options));
  }
}

/**
 * Whether each pixel becomes a square of the device's, which keeps it as it is. In between, equal lines of text would
 * come out unequally thick, so the browser smooths; below 1 whole strokes would be lost (below a half it alone loses them
 * too: ReducedPicture).
 */
function isWhole(scale: number): boolean {
  return Math.abs(scale - Math.round(scale)) < 1e-6 && scale > 0.5;
}
