import { startXvfb, testCaptureSource } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { XCaptureSource } from '../src/x-display/x-capture-source.js';
import { paintOn } from './x-client.js';

for (const way of ['mapped', 'file', 'socket'] as const) {
  testCaptureSource(
    (title, body) => test(`${title} (${way})`, body),
    async () => {
      const stack = new AsyncDisposableStack();
      const xvfb = stack.use(await startXvfb({ width: 320, height: 200 }));
      const painter = stack.use(await paintOn(xvfb.name));
      const source = stack.use(new XCaptureSource(xvfb.name, systemClock, way));
      return {
        source,
        fill: (colour, { x, y, width, height }) => painter.fill(colour, x, y, width, height),
        [Symbol.asyncDispose]: async () => await stack.disposeAsync(),
      };
    },
  );
}
