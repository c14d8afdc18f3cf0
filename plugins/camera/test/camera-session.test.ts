import { CAMERA_FRAMES_IN_FLIGHT } from '@livelet/core';
import { SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { asked, filmOn, hostCamera, openLens, type Person, turnOn } from './hosted-camera.js';

const framesOf = ({ their }: Person): number[] =>
  their.told.flatMap((message) => (message.type === 'frame' ? [message.number] : []));

test('no camera is opened before it is allowed', async (t) => {
  await using hosted = await hostCamera();
  hosted.operator.own.say({ type: 'on' });
  hosted.customer.own.say({ type: 'on' });
  await hosted.grant('view');
  t.deepEqual([...hosted.operator.lens.told, ...hosted.customer.lens.told], []);
});

test('the customer’s camera is open while it is allowed, and its frames are the operator’s', async (t) => {
  await using hosted = await hostCamera();
  const { customer, operator } = hosted;
  await hosted.grant('camera');
  const id = await openLens(customer);
  await customer.own.until((last) => last?.state === 'on');
  filmOn(customer, id, true);
  filmOn(customer, id, false);
  await operator.their.until(() => framesOf(operator).length === 2);
  t.deepEqual(framesOf(operator), [0, 1]);
  hosted.pair.customer.ownGrants.revoke('camera');
  await customer.lens.until(() => asked(customer)?.type === 'close');
  await operator.their.until((last) => last?.type === 'state' && last.state === 'none');
  filmOn(customer, id, false);
  t.is(customer.own.told.at(-1)?.state, 'off');
  for (const { receipt } of [hosted.pair.operator, hosted.pair.customer]) {
    t.is(receipt.entries.filter((entry) => entry.kind === 'noted').length, 1);
  }
});

test('the customer turns it off and on again; a late frame of before goes nowhere', async (t) => {
  await using hosted = await hostCamera();
  const { customer, operator } = hosted;
  await hosted.grant('camera');
  const first = await openLens(customer);
  filmOn(customer, first, true);
  await operator.their.until(() => framesOf(operator).length === 1);
  customer.own.say({ type: 'off' });
  await customer.lens.until(() => asked(customer)?.type === 'close');
  await operator.their.until((last) => last?.type === 'state' && last.state === 'waiting');
  filmOn(customer, first, true);
  customer.own.say({ type: 'on' });
  const second = await openLens(customer);
  filmOn(customer, second, true);
  await operator.their.until(() => framesOf(operator).length === 2);
  t.deepEqual(framesOf(operator), [0, 1]);
});

test('another device is opened when it is chosen, and only one that there is', async (t) => {
  await using hosted = await hostCamera();
  const { customer } = hosted;
  await hosted.grant('camera');
  await openLens(customer);
  await customer.own.until((last) => last?.devices.length === 2);
  customer.own.say({ type: 'device', device: 'c' });
  customer.own.say({ type: 'device', device: 'b' });
  const opened = () => customer.lens.told.flatMap((told) => (told.type === 'open' ? [told.device] : []));
  await customer.lens.until(() => opened().length === 2);
  t.deepEqual(opened(), [undefined, 'b']);
  await openLens(customer);
  await customer.own.until((last) => last?.state === 'on' && last.device === 'b');
});

test('the operator shows theirs when they want to, until the customer closes it', async (t) => {
  await using hosted = await hostCamera();
  const { customer, operator } = hosted;
  await hosted.grant('show-camera');
  t.deepEqual(operator.lens.told, []);
  const id = await turnOn(operator);
  filmOn(operator, id, true);
  // Before the stream was there, or after.
  filmOn(operator, id, true);
  await customer.their.until(() => framesOf(customer).length > 0);
  customer.their.say({ type: 'close' });
  await operator.lens.until(() => asked(operator)?.type === 'close');
  await operator.own.until((last) => last?.state === 'off' && last.closed);
  await customer.their.until((last) => last?.type === 'state' && last.state === 'none');
  t.true(operator.own.told.at(-1)?.allowed);
});

test('a camera that goes on after a drop of the line is in both receipts once', async (t) => {
  const relay = new SimulatedRelay();
  await using hosted = await hostCamera(relay);
  const { operator, customer } = hosted;
  await hosted.grant('camera');
  filmOn(customer, await openLens(customer), true);
  await operator.their.until(() => framesOf(operator).length === 1);
  relay.down = true;
  hosted.pair.link.cut();
  await customer.lens.until(() => asked(customer)?.type === 'close');
  relay.down = false;
  await hosted.pair.clock.advance(12_000);
  filmOn(customer, await openLens(customer), true);
  await operator.their.until(() => framesOf(operator).length === 2);
  for (const { receipt } of [hosted.pair.operator, hosted.pair.customer]) {
    t.is(receipt.entries.filter((entry) => entry.kind === 'noted').length, 1);
  }
});

test('taken back while the line is sought, the operator’s camera is closed', async (t) => {
  const relay = new SimulatedRelay();
  await using hosted = await hostCamera(relay);
  const { operator } = hosted;
  await hosted.grant('show-camera');
  await turnOn(operator);
  hosted.pair.link.cut();
  hosted.pair.customer.ownGrants.revoke('show-camera');
  await operator.lens.until(() => asked(operator)?.type === 'close');
  await operator.own.until((last) => last?.allowed === false);
  t.is(operator.own.told.at(-1)?.state, 'off');
});

test('a browser that refuses is told, and asked again by the person', async (t) => {
  await using hosted = await hostCamera();
  const { operator, customer } = hosted;
  await hosted.grant('show-camera');
  operator.own.say({ type: 'on' });
  await operator.lens.until(() => asked(operator)?.type === 'open');
  const first = asked(operator);
  operator.lens.say({ type: 'closed', id: first?.type === 'open' ? first.id : -1, why: 'refused' });
  await operator.own.until((last) => last?.state === 'refused');
  t.deepEqual(framesOf(customer), []);
  operator.own.say({ type: 'on' });
  await operator.lens.until(() => asked(operator) !== first);
  await openLens(operator);
  await operator.own.until((last) => last?.state === 'on');
});

test('what nobody has time for is dropped, and the film goes on with a key frame', async (t) => {
  await using hosted = await hostCamera();
  const { customer, operator } = hosted;
  await hosted.grant('camera');
  const id = await openLens(customer);
  await customer.own.until((last) => last?.state === 'on');
  const keys = (): number => customer.lens.told.filter(({ type }) => type === 'key').length;
  const before = keys();
  filmOn(customer, id, true);
  for (let frame = 0; frame < 40; frame++) filmOn(customer, id, false);
  // The page has drawn none of them yet.
  await operator.their.until(() => framesOf(operator).length === CAMERA_FRAMES_IN_FLIGHT);
  operator.their.say({ type: 'done', number: CAMERA_FRAMES_IN_FLIGHT - 1 });
  await customer.lens.until(() => keys() > before);
  filmOn(customer, id, false);
  filmOn(customer, id, true);
  await operator.their.until(() => framesOf(operator).length > CAMERA_FRAMES_IN_FLIGHT);
  const last = operator.their.told.at(-1);
  t.true(last?.type === 'frame' && last.key);
  t.is(framesOf(operator).length, CAMERA_FRAMES_IN_FLIGHT + 1);
});

test('a page that comes again begins with a key frame', async (t) => {
  await using hosted = await hostCamera();
  const { customer, operator } = hosted;
  await hosted.grant('camera');
  const id = await openLens(customer);
  filmOn(customer, id, true);
  await operator.their.until(() => framesOf(operator).length === 1);
  const keys = (): number => customer.lens.told.filter(({ type }) => type === 'key').length;
  const before = keys();
  operator.their.port.page.close();
  filmOn(customer, id, false);
  await customer.lens.until(() => keys() >= before);
  t.is(framesOf(operator).length, 1);
});
