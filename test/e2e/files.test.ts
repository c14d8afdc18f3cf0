import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { BRISK, startCast } from '../start/cast.js';
import { allow, playUntilAllowed } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

test.serial('files go both ways, both people see where, and both receipts list them', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'livelet-home-'));
  t.teardown(async () => await rm(home, { recursive: true, force: true }));
  process.env.HOME = home;
  const folder = join(home, 'Downloads/Livelet');
  await using cast = await startCast(undefined, BRISK);
  const { operator, customer, session } = cast;
  const panel = await playUntilAllowed(operator, customer, session);
  await operator.getByRole('tab', { name: 'Files' }).click();
  const courier = operator.locator('livelet-courier');
  await courier.getByText('Sending files is not allowed yet.').waitFor();

  await allow(panel, 'send-files');
  await panel.getByText(folder).waitFor();
  const sent = Buffer.alloc(3_000_000, 'sent');
  await courier
    .locator('#files')
    .setInputFiles([{ name: 'sent.bin', mimeType: 'application/octet-stream', buffer: sent }]);
  await courier.locator('.transfer[data-state=done]').waitFor();
  await panel.locator('livelet-depot .transfer[data-state=done]').waitFor();
  t.true((await readFile(join(folder, 'sent.bin'))).equals(sent));

  await allow(panel, 'take-files');
  await panel
    .locator('livelet-depot #files')
    .setInputFiles([{ name: 'given.txt', mimeType: 'text/plain', buffer: Buffer.from('given') }]);
  await courier.getByRole('button', { name: 'Receive: given.txt' }).click();
  await courier.locator('.transfer[data-state=done]').nth(1).waitFor();
  t.deepEqual((await readdir(folder)).toSorted(), ['given.txt', 'sent.bin']);

  await panel.getByRole('button', { name: 'Stop' }).click();
  const hash = createHash('sha256').update(sent).digest('hex');
  await customer.getByText(`Received “sent.bin”, 3,000,000 bytes, SHA-256 ${hash}`).waitFor();
  await customer.getByText('Sent “given.txt”, 5 bytes').waitFor();
  await operator.getByText(`Sent “sent.bin”, 3,000,000 bytes, SHA-256 ${hash}`).waitFor();
  await operator.getByText('Received “given.txt”, 5 bytes').waitFor();
});
