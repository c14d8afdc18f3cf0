import type { CursorShapeMessage } from '@livelet/core/page';

/** Pixels of the display between the person's own pointer and the customer's within which only one is shown. */
const SAME_PLACE = 48;

/** The customer's cursor, on a canvas of its own above the picture: it moves without a frame. */
export class CursorLayer {
  readonly element = document.createElement('canvas');
  readonly #canvas: HTMLCanvasElement;
  #shape: CursorShapeMessage | undefined;
  #x = 0;
  #y = 0;
  #scale = 1;
  /** The person's own pointer, pixels of the display. */
  #own: { readonly x: number; readonly y: number } | undefined;

  /** @param canvas the picture, which shows the person's own pointer in the same shape */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.element.className = 'cursor';
    this.element.ariaHidden = 'true';
    canvas.addEventListener('pointermove', (event) => this.#hover(event));
    canvas.addEventListener('pointerleave', () => {
      this.#own = undefined;
      this.#place();
    });
  }

  setShape(shape: CursorShapeMessage): void {
    this.#shape = shape;
    this.element.width = shape.width;
    this.element.height = shape.height;
    const empty = shape.width === 0 || shape.height === 0;
    this.element.hidden = empty;
    if (empty) {
      this.#canvas.style.cursor = '';
      return;
    }
    const pixels = new ImageData(shape.width, shape.height);
    pixels.data.set(shape.rgba);
    this.element.getContext('2d')?.putImageData(pixels, 0, 0);
    this.#canvas.style.cursor = `url(${this.element.toDataURL()}) ${shape.hotX} ${shape.hotY}, default`;
    this.#place();
  }

  moveTo(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
    this.#place();
  }

  setScale(scale: number): void {
    this.#scale = scale;
    this.#place();
  }

  /** Draws it into a picture of the display's own size. */
  paintOn(context: OffscreenCanvasRenderingContext2D): void {
    const shape = this.#shape;
    if (!shape || shape.width === 0 || shape.height === 0) return;
    context.drawImage(this.element, this.#x - shape.hotX, this.#y - shape.hotY);
  }

  #hover(event: PointerEvent): void {
    const box = this.#canvas.getBoundingClientRect();
    this.#own = { x: (event.clientX - box.left) / this.#scale, y: (event.clientY - box.top) / this.#scale };
    this.#place();
  }

  #place(): void {
    const shape = this.#shape;
    if (!shape) return;
    const { style } = this.element;
    style.width = `${shape.width * this.#scale}px`;
    style.height = `${shape.height * this.#scale}px`;
    const left = (this.#x - shape.hotX) * this.#scale;
    const top = (this.#y - shape.hotY) * this.#scale;
    style.transform = `translate(${left}px, ${top}px)`;
    const near = this.#own && Math.hypot(this.#own.x - this.#x, this.#own.y - this.#y) < SAME_PLACE;
    style.visibility = near ? 'hidden' : 'visible';
  }
}
