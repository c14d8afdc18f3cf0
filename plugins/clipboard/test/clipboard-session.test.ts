import { type ClipboardTakerUnderTest, clipboardMessages, testClipboardTaker } from '@livelet/compliance';
import {
  type CopiedContent,
  decodeClipboard,
  decodeClipboardAnswer,
  MAX_CLIPBOARD_TEXT,
  messageStream,
  SEND_CLIPBOARD_PATH,
  TAKE_CLIPBOARD_PATH,
} from '@livelet/core';
import { connectedSessions, SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { CopiedSender } from '../src/copied-sender.js';
import type { PartnerToPage } from '../src/page-protocol.js';
import { type Desktop, startDesktop } from './desktop.js';
import { type HostedClipboard, hostClipboard, type Menu } from './hosted-clipboard.js';
import { chunk, noisyPicture } from './pictures.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (content: CopiedContent | undefined): string => Buffer.from(content?.text ?? []).toString();

interface Ends extends AsyncDisposable {
  readonly desktop: Desktop;
  readonly hosted: HostedClipboard;
}

async function ends(participates = true, relay?: SimulatedRelay): Promise<Ends> {
  await using stack = new AsyncDisposableStack();
  const desktop = stack.use(await startDesktop());
  const hosted = stack.use(await hostClipboard(desktop.display, participates, relay));
  const owned = stack.move();
  return { desktop, hosted, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

type State = Extract<PartnerToPage, { type: 'state' }>;
const states = ({ heard }: Menu): State[] =>
  heard.filter((message): message is State => message.type === 'state');
const sends = (menu: Menu): Promise<void> => menu.until(() => states(menu).at(-1)?.sends === true);
const takes = (menu: Menu): Promise<void> => menu.until(() => states(menu).at(-1)?.takes === true);
const sent = (menu: Menu, count = 1): Promise<void> =>
  menu.until(
    () => new Set(states(menu).flatMap(({ lastSent }) => (lastSent ? [lastSent.at] : []))).size >= count,
  );

testClipboardTaker(
  (title, body) => test.serial(title, body),
  async (): Promise<ClipboardTakerUnderTest> => {
    const { desktop, hosted, [Symbol.asyncDispose]: dispose } = await ends(false);
    hosted.grant('send-clipboard');
    const opens = [{ path: SEND_CLIPBOARD_PATH, priority: 'clipboard' }] as const;
    const channel = hosted.pair.operator.pluginChannel({ serves: [], opens });
    const stream = await channel.open(SEND_CLIPBOARD_PATH);
    const messages = messageStream(stream, 64 * 1024);
    return {
      async exchange(sentMessages) {
        const answers = messages[Symbol.asyncIterator]();
        const answer = answers.next().then(({ value }) => value as Uint8Array);
        answer.catch(() => undefined);
        for (const message of sentMessages) messages.send(message).catch(() => undefined);
        return await Promise.race([answer, stream.closed.then((code) => code ?? 'cancelled')]);
      },
      pasted: async () => (await desktop.paste())?.toString(),
      [Symbol.asyncDispose]: async () => {
        channel[Symbol.dispose]();
        await dispose();
      },
    };
  },
);

test.serial('each direction needs its own capability', async (t) => {
  await using both = await ends(false);
  const { pair, grant } = both.hosted;
  const paths = [SEND_CLIPBOARD_PATH, TAKE_CLIPBOARD_PATH] as const;
  const opens = paths.map((path) => ({ path, priority: 'clipboard' as const }));
  const channel = pair.operator.pluginChannel({ serves: [], opens });
  const refusals = async () =>
    await Promise.all(
      paths.map((path) =>
        channel.open(path).then(
          () => 'open',
          ({ code }) => code,
        ),
      ),
    );
  t.deepEqual(await refusals(), ['not-granted', 'not-granted']);
  grant('take-clipboard');
  t.deepEqual(await refusals(), ['not-granted', 'open']);
  channel[Symbol.dispose]();
});

test.serial('what the operator copies is pasted by the customer, and does not come back', async (t) => {
  await using both = await ends();
  const { desktop, hosted } = both;
  const menu = hosted.menu();
  const panel = hosted.panel('what-they-copy');
  hosted.grant('send-clipboard', 'take-clipboard');
  await sends(menu);
  await takes(menu);
  menu.copy({ text: utf8('from the operator'), html: utf8('<i>from the operator</i>') });
  await sent(menu);
  t.is((await desktop.paste())?.toString(), 'from the operator');
  t.is((await desktop.paste('text/html'))?.toString(), '<i>from the operator</i>');
  t.deepEqual(panel.at(-1)?.last?.formats, ['text', 'html']);
  t.false(JSON.stringify([panel, menu.heard]).includes('from the operator'));
  // A clipboard manager takes it over: the same content, another owner.
  await desktop.copy('from the operator');
  await desktop.copy('of the customer');
  await menu.until(() => menu.arrived.length > 0);
  t.deepEqual(menu.arrived.map(textOf), ['of the customer']);
});

test.serial('what was copied before it was allowed never leaves, whoever owns it later', async (t) => {
  await using both = await ends();
  const { desktop, hosted } = both;
  const menu = hosted.menu();
  await desktop.copy('canary');
  hosted.grant('take-clipboard');
  await takes(menu);
  await desktop.copy('canary');
  await desktop.copy('first');
  await menu.until(() => menu.arrived.length === 1);
  hosted.revoke('take-clipboard');
  await menu.until(() => states(menu).at(-1)?.takes === false);
  await desktop.copy('canary between');
  // It has reached the display before it is allowed.
  t.is((await desktop.paste())?.toString(), 'canary between');
  hosted.grant('take-clipboard');
  await takes(menu);
  await desktop.copy('second');
  await menu.until(() => menu.arrived.length === 2);
  t.deepEqual(menu.arrived.map(textOf), ['first', 'second']);
});

test.serial('a picture of 10 MB goes both ways, without what isn’t the picture', async (t) => {
  const picture = noisyPicture(1900, 1800);
  const signed = noisyPicture(1900, 1800, { extra: [chunk('tEXt', utf8('Author\0canary'))] });
  await using both = await ends();
  const { desktop, hosted } = both;
  const menu = hosted.menu();
  hosted.grant('send-clipboard', 'take-clipboard');
  await sends(menu);
  await takes(menu);
  menu.copy({ png: signed });
  await sent(menu);
  t.true((await desktop.paste('image/png'))?.equals(picture));
  const other = noisyPicture(1901, 1800);
  await desktop.copy(other, 'image/png');
  await menu.until(() => menu.arrived.length === 1);
  t.true(Buffer.from(other).equals(menu.arrived[0]?.png ?? new Uint8Array()));
});

test.serial('taken back: what was put can’t be pasted, and what is on its way never is', async (t) => {
  await using both = await ends();
  const { desktop, hosted } = both;
  const menu = hosted.menu();
  hosted.grant('send-clipboard');
  await sends(menu);
  menu.copy({ text: utf8('put') });
  await sent(menu);
  t.is((await desktop.paste())?.toString(), 'put');
  menu.copy({ png: noisyPicture(1900, 1800) });
  hosted.revoke('send-clipboard');
  await menu.until(() => states(menu).at(-1)?.sends === false);
  t.is(await desktop.paste(), undefined);
  t.is(await desktop.paste('image/png'), undefined);
});

test.serial('why something isn’t there is told to both people', async (t) => {
  await using both = await ends();
  const { desktop, hosted } = both;
  const menu = hosted.menu();
  const panel = hosted.panel('what-i-copy');
  hosted.grant('send-clipboard', 'take-clipboard');
  await sends(menu);
  await takes(menu);
  await desktop.copy('file:///home/canary', 'text/uri-list');
  await menu.until(() => states(menu).at(-1)?.lastTaken?.refusal === 'clipboard-files');
  t.is(panel.at(-1)?.last?.refusal, 'clipboard-files');
  menu.copy({ text: new Uint8Array(MAX_CLIPBOARD_TEXT + 1).fill(65) });
  await menu.until(() => states(menu).at(-1)?.lastSent?.refusal === 'clipboard-too-large');
  const rows = new Uint8Array(200_000_000);
  menu.copy({ png: noisyPicture(10, 10, { rows }) });
  await menu.until(() => states(menu).at(-1)?.lastSent?.refusal === 'clipboard-malformed');
  t.is((await desktop.paste('text/uri-list'))?.toString(), 'file:///home/canary', 'nothing took its place');
});

test.serial('a peer that floods is held up, and goes on after it', async (t) => {
  await using both = await ends(false);
  both.hosted.grant('send-clipboard');
  const opens = [{ path: SEND_CLIPBOARD_PATH, priority: 'clipboard' }] as const;
  using channel = both.hosted.pair.operator.pluginChannel({ serves: [], opens });
  const stream = await channel.open(SEND_CLIPBOARD_PATH);
  const messages = messageStream(stream, 64 * 1024);
  const flood = Array.from({ length: 60 }, (_, n) =>
    clipboardMessages(n, { text: utf8(`flood ${n}`) }),
  ).flat();
  for (const message of flood) messages.send(message).catch(() => undefined);
  const answers: (string | undefined)[] = [];
  for await (const bytes of messages) {
    answers.push(decodeClipboardAnswer(bytes).refused);
    if (answers.length === 60) break;
  }
  t.deepEqual(answers, [...Array(20).fill(undefined), ...Array(40).fill('request-too-soon')]);
  t.is((await both.desktop.paste())?.toString(), 'flood 19');
});

test.serial('what is copied while the line is lost goes neither then nor later', async (t) => {
  const relay = new SimulatedRelay();
  await using both = await ends(true, relay);
  const { desktop, hosted } = both;
  const menu = hosted.menu();
  hosted.grant('send-clipboard', 'take-clipboard');
  await sends(menu);
  await takes(menu);
  relay.down = true;
  hosted.pair.link.cut();
  await menu.until(() => states(menu).at(-1)?.sends === false && states(menu).at(-1)?.takes === false);
  await desktop.copy('canary');
  menu.copy({ text: utf8('canary') });
  relay.down = false;
  await hosted.pair.clock.advance(5_000);
  await sends(menu);
  await takes(menu);
  await desktop.copy('after');
  await menu.until(() => menu.arrived.length === 1);
  menu.copy({ text: utf8('after, too') });
  await sent(menu);
  t.deepEqual(menu.arrived.map(textOf), ['after']);
  t.is((await desktop.paste())?.toString(), 'after, too');
});

test.serial('while one waits for its answer, only the newest of those copied after it is kept', async (t) => {
  const pair = await connectedSessions();
  const path = TAKE_CLIPBOARD_PATH;
  const served = { path, capability: 'take-clipboard', priority: 'clipboard' } as const;
  pair.customer.ownGrants.grant('take-clipboard');
  const senders: CopiedSender[] = [];
  using serving = pair.customer.pluginChannel({ serves: [served], opens: [] });
  serving.accept(path, (stream) => void senders.push(new CopiedSender(stream, pair.clock)));
  using channel = pair.operator.pluginChannel({ serves: [], opens: [{ path, priority: 'clipboard' }] });
  const arriving = messageStream(await channel.open(path), 64 * 1024)[Symbol.asyncIterator]();
  const [sender] = senders;
  // Nobody answers.
  const first = sender?.send({ text: utf8('first') }) ?? t.fail();
  await arriving.next();
  const others = ['second', 'third'].map((text) => sender?.send({ text: utf8(text) }));
  const last = sender?.send({ text: utf8('last') }) ?? t.fail();
  t.deepEqual(await Promise.all(others), ['superseded', 'superseded']);
  const never = Promise.all([first, last].map((outcome) => t.throwsAsync(Promise.resolve(outcome))));
  await pair.customer.end('person');
  await never;
});

test.serial('taken back while a picture is on its way to the operator: the rest never arrives', async (t) => {
  await using both = await ends(false);
  const { desktop, hosted } = both;
  hosted.grant('take-clipboard');
  const opens = [{ path: TAKE_CLIPBOARD_PATH, priority: 'clipboard' }] as const;
  using channel = hosted.pair.operator.pluginChannel({ serves: [], opens });
  const stream = await channel.open(TAKE_CLIPBOARD_PATH);
  const seen: string[] = [];
  const error = await t.throwsAsync(async () => {
    for await (const bytes of messageStream(stream, 64 * 1024)) {
      const { type } = decodeClipboard(bytes);
      seen.push(type);
      if (type === 'ready') await desktop.copy(noisyPicture(1900, 1800), 'image/png');
      if (type === 'data') hosted.revoke('take-clipboard');
    }
  });
  t.like(error, { code: 'revoked' });
  t.deepEqual(seen.slice(0, 3), ['ready', 'begin', 'data']);
  t.true(seen.length < 100, `${seen.length} of more than 300 pieces`);
});
