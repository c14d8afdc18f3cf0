import { solidPng } from '@livelet/compliance';
import { encodeSourceMessage, type FrameMessage, MAX_FRAME_BYTES, MAX_TILE_BYTES } from '@livelet/core';
import test from 'ava';
import { FakeStage, type HostedViewer, hostViewer, type SourceEnd } from './hosted-viewer.js';

const WIDTH = 64;

/** A picture on a real channel, of which nothing has come yet. */
async function begun(stage: FakeStage): Promise<{ hosted: HostedViewer; source: SourceEnd }> {
  const hosted = await hostViewer();
  hosted.connect(stage.port.host);
  const source = await hosted.allow();
  const area = { x: 0, y: 0, width: WIDTH, height: 1 };
  source.send(encodeSourceMessage({ type: 'geometry', generation: 1, display: 0, ...area }));
  return { hosted, source };
}

function part(number: number, changes: Partial<FrameMessage>): Uint8Array {
  const times = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };
  const frame = { type: 'frame', generation: 1, number, part: 0, last: true, ...times } as const;
  return encodeSourceMessage({ ...frame, operations: [], ...changes });
}

test('a frame that grows without an end is refused at its bound, and the session stays', async (t) => {
  const { hosted, source } = await begun(new FakeStage(true));
  await using _hosted = hosted;
  const image = new Uint8Array(MAX_TILE_BYTES);
  image.set(solidPng(1, 1, 0));
  const most = MAX_FRAME_BYTES / MAX_TILE_BYTES;
  for (let x = 0; x <= most; x++) {
    const tile = { kind: 'tile', x, y: 0, width: 1, height: 1, codec: 'png', lossy: false, image } as const;
    source.send(part(0, { part: x, last: false, operations: [tile] }));
  }
  t.is(await source.until(Number.POSITIVE_INFINITY), 'picture-too-large');
  t.false(hosted.pair.operator.signal.aborted);
});
