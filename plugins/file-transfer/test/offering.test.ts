import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileOfferingUnderTest, testFileOffering } from '@livelet/compliance';
import test from 'ava';
import { below, hostFiles, notesOf } from './hosted-files.js';

testFileOffering(
  (title, body) => test.serial(title, body),
  async (): Promise<FileOfferingUnderTest> => {
    const hosted = await hostFiles({ granted: [] });
    const operator = hosted.page('operator');
    const sandbox = join(hosted.sandbox, 'own');
    await mkdir(sandbox);
    return {
      offering: hosted.offering,
      sandbox,
      allow: () => hosted.pair.customer.ownGrants.grant('take-files'),
      onOffer: async (count) =>
        (await operator.shows(({ mayTake, offers }) => mayTake && offers.length === count)).offers,
      end: () => hosted.stop(),
      [Symbol.asyncDispose]: async () => await hosted[Symbol.asyncDispose](),
    };
  },
);

test.serial(
  'what another plugin found arrives as it is on the disk, and both receipts list it',
  async (t) => {
    await using hosted = await hostFiles({ granted: ['take-files'] });
    const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
    const own = join(hosted.sandbox, 'own/photos');
    await mkdir(own, { recursive: true });
    const content = Buffer.alloc(700_000, 'picture');
    await writeFile(join(own, 'x.bin'), content);
    await writeFile(join(own, '../note.txt'), 'note');
    await hosted.offering.offer([own, join(hosted.sandbox, 'own/note.txt'), join(hosted.sandbox, 'gone')]);
    const { offers } = await operator.shows((state) => state.offers.length === 1);
    t.like(offers[0], { name: 'photos', items: 3, bytes: content.length + 4 });
    operator.say({ type: 'take-offer', offer: offers[0]?.id ?? '' });
    t.like(await operator.over(), { way: 'in', state: 'done', items: 3, failedCount: 0 });
    const given = await customer.over();
    t.like(given, { way: 'out', state: 'done', items: 3, failedCount: 1 });
    t.deepEqual(given.failed, [{ name: 'gone', reason: 'file-unreadable' }]);
    t.deepEqual(await below(hosted.folders.operator), ['note.txt', 'photos', 'photos/x.bin']);
    t.true((await readFile(join(hosted.folders.operator, 'photos/x.bin'))).equals(content));
    const hash = createHash('sha256').update(content).digest('hex');
    for (const side of [hosted.pair.operator, hosted.pair.customer]) {
      t.true(JSON.stringify(notesOf(side)).includes(hash));
      t.false(JSON.stringify(notesOf(side)).includes('gone'));
    }
  },
);

test.serial('what was put on offer stays when the page goes, and can be taken back', async (t) => {
  await using hosted = await hostFiles({ granted: ['take-files'] });
  const operator = hosted.page('operator');
  const note = join(hosted.sandbox, 'note.txt');
  await writeFile(note, 'note');
  hosted.page('customer').close();
  await hosted.offering.offer([note]);
  const { offers } = await operator.shows((state) => state.offers.length === 1);
  hosted.page('customer').say({ type: 'withdraw', offer: offers[0]?.id ?? '' });
  t.deepEqual((await operator.shows((state) => state.offers.length === 0)).offers, []);
});
