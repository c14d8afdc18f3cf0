import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PagePort, PortMessage } from '@livelet/core';
import { type WebSocket, WebSocketServer } from 'ws';
import { root } from '../../fixtures/program.js';

const DOCUMENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">
<style>canvas { width: 960px; height: 540px }</style>
<script type="module" src="/page.js"></script><div class="slot"><section></section></div></html>`;

/** A stage by its contract, on which something is drawn 30 times a second, and the piece that records it. */
const PAGE = `
import { mount } from '/panel.js';
const canvas = document.createElement('canvas');
canvas.width = 1920; canvas.height = 1080;
document.querySelector('.slot').append(canvas);
const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
const listeners = new Set();
const picture = {
  width: 1920, height: 1080,
  paint(target) { target.drawImage(canvas, 0, 0); target.fillRect(960, 540, 12, 18); },
  onChange(listener) { listeners.add(listener); return { [Symbol.dispose]: () => listeners.delete(listener) }; },
};
document.querySelector('.slot').addEventListener('livelet-stage-picture', ({ detail }) => detail.answer(picture));
let seed = 7;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
/** Lines of words, as a long page of text. */
const text = new OffscreenCanvas(1500, 6000);
{
  const page = text.getContext('2d', { alpha: false });
  page.fillStyle = '#fff'; page.fillRect(0, 0, 1500, 6000);
  page.fillStyle = '#222'; page.font = '16px sans-serif';
  for (let y = 24; y < 6000; y += 24) {
    let line = '';
    while (line.length < 170) line += Math.floor(random() * 1e9).toString(36) + ' ';
    page.fillText(line, 10, y);
  }
}
/** Soft spots of all colours, as a photo. */
const photo = new OffscreenCanvas(2400, 1350);
{
  const page = photo.getContext('2d', { alpha: false });
  for (let n = 0; n < 400; n++) {
    const [x, y, size] = [random() * 2400, random() * 1350, 40 + random() * 300];
    const spot = page.createRadialGradient(x, y, 0, x, y, size);
    spot.addColorStop(0, 'hsl(' + random() * 360 + ' 70% 50% / 0.8)'); spot.addColorStop(1, 'transparent');
    page.fillStyle = spot; page.fillRect(x - size, y - size, 2 * size, 2 * size);
  }
}
const DRAW = {
  // A page of text that scrolls, with the still frame of a window around it.
  scrolling: (n) => context.drawImage(text, 0, (n * 12) % 5000, 1500, 900, 200, 100, 1500, 900),
  // Every pixel moves.
  film: (n) => context.drawImage(photo, 200 + 150 * Math.sin(n / 40), 120 + 80 * Math.cos(n / 30), 1920, 1080, 0, 0, 1920, 1080),
  // A cursor that blinks.
  still: (n) => { if (n % 15 === 0) { context.fillStyle = n % 30 ? '#000' : '#fff'; context.fillRect(400, 400, 2, 18); } },
};
let drawing;
globalThis.draw = (what) => {
  clearInterval(drawing);
  context.fillStyle = '#336'; context.fillRect(0, 0, 1920, 1080);
  let n = 0;
  drawing = setInterval(() => { DRAW[what](n++); for (const listener of [...listeners]) listener(); }, 1000 / 30);
};
const socket = new WebSocket('ws://' + location.host);
socket.binaryType = 'arraybuffer';
await new Promise((open) => { socket.onopen = open; });
const heard = new Set();
socket.onmessage = ({ data }) => { for (const listener of heard) listener({ json: JSON.parse(data) }); };
mount({
  root: document.querySelector('section'),
  locale: 'en',
  onLocale: () => ({ [Symbol.dispose]() {} }),
  announce() {},
  port: {
    name: 'plugin:livelet.recording:picture',
    bufferedBytes: 0,
    post({ json, bytes }) { socket.send(JSON.stringify(json)); socket.send(bytes ?? new Uint8Array()); },
    onMessage(listener) { heard.add(listener); return { [Symbol.dispose]: () => heard.delete(listener) }; },
    onClose: () => ({ [Symbol.dispose]() {} }),
    close() {},
  },
});
globalThis.mounted = true;
`;

/** The page's address, and all that it posts on its way to `port`, as in a host: over one socket of the computer's own. */
export interface DrawingPage extends AsyncDisposable {
  readonly address: string;
  /** Frames so far, and their bytes. */
  readonly counted: { readonly frames: number; readonly bytes: number };
}

export async function serveDrawingPage(port: PagePort): Promise<DrawingPage> {
  const panel = await readFile(join(root, 'plugins/recording/dist/site/stage-recorder.js'), 'utf8');
  const counted = { frames: 0, bytes: 0 };
  const server = createServer(({ url = '/' }, response) => {
    const body = { '/': DOCUMENT, '/page.js': PAGE, '/panel.js': panel }[url];
    response.setHeader('content-type', url === '/' ? 'text/html' : 'text/javascript');
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket: WebSocket) => {
    let json: PortMessage['json'] | undefined;
    port.onMessage((message) => socket.send(JSON.stringify(message.json)));
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        json = JSON.parse(data.toString());
        return;
      }
      if (json === undefined) return;
      if ((json as { readonly type?: string }).type === 'frame') {
        counted.frames += 1;
        counted.bytes += data.length;
      }
      port.post({ json, bytes: data });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    counted,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}
