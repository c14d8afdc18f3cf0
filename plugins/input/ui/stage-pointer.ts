import { type InputMessage, MAX_WHEEL_NOTCHES, type PointerButton } from '@livelet/core/page';
import { pixelAt, stageCanvasOf } from './stage-canvas.js';

/** Bits of PointerEvent.buttons. */
const BUTTON_BITS: readonly (readonly [number, PointerButton])[] = [
  [1, 'left'],
  [2, 'right'],
  [4, 'middle'],
  [8, 'back'],
  [16, 'forward'],
];
/** WheelEvent.deltaY of one notch in each deltaMode: pixels, lines, pages. */
const NOTCH = [100, 3, 1] as const;

/** Turns what the mouse does on the stage into messages. Moves go out once a frame at most, and before a press. */
export class StagePointer implements Disposable {
  readonly #send: (message: InputMessage) => void;
  readonly #listening = new AbortController();
  #buttons = 0;
  #pending: InputMessage | undefined;
  #frame: number | undefined;
  #turned = { x: 0, y: 0 };

  /** @param pressed called once a press on the stage has been sent */
  constructor(slot: HTMLElement, send: (message: InputMessage) => void, pressed: () => void) {
    this.#send = send;
    const options = { signal: this.#listening.signal, capture: true, passive: false };
    for (const type of ['pointerdown', 'pointermove', 'pointerup'] as const) {
      slot.addEventListener(
        type,
        (event) => {
          this.#point(event);
          if (type === 'pointerdown' && stageCanvasOf(event) !== undefined) pressed();
        },
        options,
      );
    }
    slot.addEventListener('pointercancel', () => this.release(), options);
    slot.addEventListener('wheel', (event) => this.#wheel(event), options);
    for (const type of [
      'mousedown',
      'mouseup',
      'click',
      'auxclick',
      'dblclick',
      'contextmenu',
      'dragstart',
    ]) {
      slot.addEventListener(type, (event) => stageCanvasOf(event) && event.preventDefault(), options);
    }
  }

  /** Lets go of the buttons, such as when the page loses the pointer. */
  release(): void {
    if (this.#buttons === 0) return;
    this.#buttons = 0;
    this.#send({ type: 'release-all' });
  }

  [Symbol.dispose](): void {
    this.release();
    this.#listening.abort();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #point(event: PointerEvent): void {
    const canvas = stageCanvasOf(event);
    if (canvas === undefined) return;
    event.preventDefault();
    if (event.type === 'pointerdown') capture(canvas, event.pointerId);
    const at = pixelAt(canvas, event.clientX, event.clientY);
    const changed = this.#buttons ^ event.buttons;
    this.#buttons = event.buttons;
    for (const [bit, button] of BUTTON_BITS) {
      if ((changed & bit) === 0) continue;
      // A press moves there by itself.
      this.#pending = undefined;
      this.#send({ type: 'button', button, down: (event.buttons & bit) !== 0, ...at });
    }
    if (changed === 0) this.#move({ type: 'move', ...at });
  }

  /** The first move goes at once, those within the same frame as one at its end. */
  #move(move: InputMessage): void {
    if (this.#frame !== undefined) {
      this.#pending = move;
      return;
    }
    this.#send(move);
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      const pending = this.#pending;
      this.#pending = undefined;
      if (pending !== undefined) this.#move(pending);
    });
  }

  #wheel(event: WheelEvent): void {
    const canvas = stageCanvasOf(event);
    if (canvas === undefined) return;
    event.preventDefault();
    const notch = NOTCH[event.deltaMode as 0 | 1 | 2] ?? 1;
    const dx = this.#notches('x', event.deltaX / notch);
    const dy = this.#notches('y', event.deltaY / notch);
    if (dx === 0 && dy === 0) return;
    this.#pending = undefined;
    this.#send({ type: 'wheel', dx, dy, ...pixelAt(canvas, event.clientX, event.clientY) });
  }

  /** Whole notches of a turn; what is left over counts on, until it turns the other way. */
  #notches(axis: 'x' | 'y', turn: number): number {
    const sum = Math.sign(turn) * Math.sign(this.#turned[axis]) < 0 ? turn : this.#turned[axis] + turn;
    // A wheel whose notch is a little less than the usual still moves at each.
    const whole = Math.trunc(sum + Math.sign(sum) * 0.2);
    this.#turned[axis] = whole === 0 ? sum : 0;
    return Math.min(Math.max(whole, -MAX_WHEEL_NOTCHES), MAX_WHEEL_NOTCHES);
  }
}

function capture(canvas: HTMLCanvasElement, pointerId: number): void {
  try {
    canvas.setPointerCapture(pointerId);
  } catch {
    // The pointer has gone already.
  }
}
