import test from 'ava';
import fc from 'fast-check';
import { STREAM_PRIORITIES } from '../src/channel/streams.js';
import { UI_SLOTS } from '../src/contracts/plugin.js';
import { LiveletError } from '../src/errors.js';
import { parseManifest } from '../src/plugins/manifest.js';
import schema from '../src/plugins/manifest.schema.json' with { type: 'json' };

const good = {
  id: 'livelet.chat',
  version: '0.1.0',
  contract: '^1.0.0',
  title: { en: 'Chat', it: 'Messaggi' },
  entry: 'dist/src/index.js',
  roles: {
    participant: {
      requires: ['chat'],
      serves: [{ path: '/livelet/chat/1', capability: 'chat', priority: 'chat' }],
      opens: [{ path: '/livelet/chat/1', priority: 'chat' }],
      ui: [
        {
          id: 'panel',
          slot: 'side-panel',
          title: { en: 'Chat', it: 'Messaggi' },
          module: 'dist/site/chat.js',
        },
      ],
    },
  },
};

/** `good` with the value at `path` replaced; undefined removes it. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(good) as Record<string | number, unknown>;
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

function refusal(json: unknown): string {
  try {
    parseManifest(json);
  } catch (error) {
    return error instanceof LiveletError ? error.code : String(error);
  }
  return 'accepted';
}

test('a whole manifest is taken as it is', (t) => {
  t.deepEqual(parseManifest(good), good as never);
});

test('the schema names the slots and priorities that the code has', (t) => {
  const { priority, role } = schema.definitions;
  t.deepEqual(priority.enum, [...STREAM_PRIORITIES]);
  t.deepEqual(role.properties.ui.items.properties.slot.enum, [...UI_SLOTS]);
});

const invalid: readonly (readonly [title: string, json: unknown])[] = [
  ['no object', 7],
  ['null', null],
  ['no id', changed(['id'], undefined)],
  ['an id with a slash', changed(['id'], 'a/b')],
  ['an unknown key', changed(['script'], 'x.js')],
  ['an entry outside the folder', changed(['entry'], '../other/index.js')],
  ['an absolute entry', changed(['entry'], '/etc/index.js')],
  ['an entry with a scheme', changed(['entry'], 'https://x/index.js')],
  ['no role', changed(['roles'], {})],
  ['a title in one language', changed(['title'], { en: 'Chat' })],
  ['an unknown slot', changed(['roles', 'participant', 'ui', 0, 'slot'], 'desktop')],
  ['a path of another form', changed(['roles', 'participant', 'serves', 0, 'path'], '/chat')],
  ['an unknown priority', changed(['roles', 'participant', 'opens', 0, 'priority'], 'first')],
  ['a service whose capability is not required', changed(['roles', 'participant', 'requires'], [])],
];
for (const [title, json] of invalid) {
  test(`manifest-invalid: ${title}`, (t) => t.is(refusal(json), 'manifest-invalid'));
}

test('what a piece offers to ask for is known too', (t) => {
  const asks = ['roles', 'participant', 'ui', 0, 'asks'];
  t.is(refusal(changed(asks, ['fly'])), 'manifest-capability-unknown');
  t.is(refusal(changed(asks, 'chat')), 'manifest-invalid');
  t.is(refusal(changed(asks, ['chat', 'view'])), 'accepted');
});

test('an unknown capability is named', (t) => {
  t.is(
    refusal(changed(['roles', 'participant', 'requires'], ['chat', 'fly'])),
    'manifest-capability-unknown',
  );
});

for (const contract of ['^2.0.0', '>=1.0.0', '*', '1 || 2', 'nonsense', '^1.1.0', '0.9.0']) {
  test(`a contract range of ${contract} is refused`, (t) => {
    t.is(refusal(changed(['contract'], contract)), 'manifest-contract-unsupported');
  });
}
for (const contract of ['^1.0.0', '1.x', '~1.0.0', '1.0.0']) {
  test(`a contract range of ${contract} is taken`, (t) =>
    t.is(refusal(changed(['contract'], contract)), 'accepted'));
}

test('whatever stands in a manifest, the answer is a typed error or the manifest', (t) => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('id', 'version', 'contract', 'title', 'entry', 'roles'),
      (value, key) => {
        t.regex(refusal(changed([key], value)), /^(accepted|manifest-[a-z-]+)$/);
      },
    ),
  );
});
