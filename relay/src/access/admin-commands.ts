import { LiveletError, relayApi } from '@livelet/core/wire';
import {
  choiceOption,
  loadOrCreateIdentityFile,
  numberOption,
  type ProgramCommand,
  programCommand,
  readDeployment,
  readPrivateFile,
  textOption,
  writeWholeFile,
} from '@livelet/program';
import { ADMIN_OPTIONS, connectAsAdmin, findOperator, listOperators, required } from './admin-options.js';
import { INVITATION_LIFETIME } from './invitations.js';

const DAY = 24 * 60 * 60 * 1000;
const OPERATOR = textOption({ about: 'id or name of the operator', fallback: undefined });
const ROLE = choiceOption({
  about: 'what they may do',
  values: ['operator', 'admin'],
  fallback: 'operator',
});
const DATE = {
  placeholder: 'day',
  pattern: /^\d{4}-\d{2}-\d{2}$/,
  allowed: 'a day such as 2026-01-31',
  fallback: undefined,
} as const;

/** `livelet-relay admin ...`: what an administrator does from a terminal. */
export const ADMIN_COMMANDS: readonly ProgramCommand[] = [
  programCommand({
    name: 'admin enrol',
    about: 'Makes a key if there is none, and lets it in with a one-time token.',
    example: '--token-file first-admin.token --name Anna',
    options: {
      ...ADMIN_OPTIONS,
      tokenFile: textOption({
        about: 'file with the token, such as first-admin.token',
        placeholder: 'file',
        fallback: undefined,
      }),
      name: textOption({
        about: 'who you are, if the invitation does not say it',
        fallback: 'Administrator',
      }),
    },
    main: async ({ options, signal, locale, print }) => {
      const file = required(options.tokenFile, 'token-file', 'a file');
      const token = (await readPrivateFile(file))?.trim();
      if (token === undefined) {
        throw new LiveletError('identity-unreadable', file, { data: { file, problem: 'ENOENT' } });
      }
      const deployment = await readDeployment(options.deployment);
      const identity = await loadOrCreateIdentityFile(options.identity);
      const api = relayApi({ deployment, identity });
      const { name, role } = (await api.call('POST', '/enrol', { token, name: options.name }, signal)) as {
        readonly name: string;
        readonly role: string;
      };
      print({ en: `enrolled: ${name}, ${role}`, it: `registrato: ${name}, ${role}` }[locale]);
      print({ en: `key: ${options.identity}`, it: `chiave: ${options.identity}` }[locale]);
    },
  }),
  programCommand({
    name: 'admin invite',
    about: 'Makes a one-time token that lets somebody’s computer in.',
    example: "--name 'Maria Rossi' --out maria.token",
    options: {
      ...ADMIN_OPTIONS,
      name: textOption({ about: 'whom you invite', fallback: undefined }),
      role: ROLE,
      out: textOption({
        about: 'private file for the token; else it is printed',
        placeholder: 'file',
        fallback: undefined,
      }),
    },
    main: async ({ options, signal, locale, print }) => {
      const name = required(options.name, 'name', 'a name');
      const api = await connectAsAdmin(options);
      const body = { name, role: options.role };
      const { token } = (await api.call('POST', '/invitations', body, signal)) as { readonly token: string };
      if (options.out === undefined) print(token);
      else await writeWholeFile(options.out, `${token}\n`);
      const days = INVITATION_LIFETIME / DAY;
      // Apart from the token, so that the output can go into a file as it is.
      const said = {
        en: `Give it to ${name} only. It is good once, for ${days} days.`,
        it: `Dallo solo a ${name}. Vale una volta, per ${days} giorni.`,
      };
      process.stderr.write(`${said[locale]}\n`);
    },
  }),
  programCommand({
    name: 'admin invitations',
    about: 'Lists the invitations that nobody has used yet.',
    options: ADMIN_OPTIONS,
    main: async ({ options, signal, print }) => {
      const api = await connectAsAdmin(options);
      const { invitations } = (await api.call('GET', '/invitations', undefined, signal)) as {
        readonly invitations: readonly { id: string; name: string; role: string; expiresAt: number }[];
      };
      for (const { id, name, role, expiresAt } of invitations) print(row(id, role, time(expiresAt), name));
    },
  }),
  programCommand({
    name: 'admin cancel',
    about: 'Makes an unused invitation void.',
    example: '--invitation 5f0c2a91b7e4',
    options: {
      ...ADMIN_OPTIONS,
      invitation: textOption({ about: 'its id, as admin invitations lists it', fallback: undefined }),
    },
    main: async ({ options, signal }) => {
      const id = required(options.invitation, 'invitation', 'an id');
      const api = await connectAsAdmin(options);
      await api.call('DELETE', `/invitations/${encodeURIComponent(id)}`, undefined, signal);
    },
  }),
  programCommand({
    name: 'admin operators',
    about: 'Lists everyone who was ever enrolled, with their key’s fingerprint.',
    options: ADMIN_OPTIONS,
    main: async ({ options, signal, locale, print }) => {
      const revoked = { en: 'revoked', it: 'revocato' }[locale];
      for (const operator of await listOperators(await connectAsAdmin(options), signal)) {
        const { id, role, name, enrolledAt, fingerprint, revokedAt } = operator;
        const state = revokedAt === undefined ? role : `${revoked} ${time(revokedAt)}`;
        print(row(id, state, time(enrolledAt), fingerprint, name));
      }
    },
  }),
  programCommand({
    name: 'admin role',
    about: 'Makes an operator an administrator, or the other way round.',
    example: "--operator 'Maria Rossi' --role admin",
    options: { ...ADMIN_OPTIONS, operator: OPERATOR, role: ROLE },
    main: async ({ options, signal }) => {
      const named = required(options.operator, 'operator', 'an id or a name');
      const api = await connectAsAdmin(options);
      const id = await findOperator(api, named, signal);
      await api.call('PUT', `/operators/${id}/role`, { role: options.role }, signal);
    },
  }),
  programCommand({
    name: 'admin revoke',
    about: 'Takes an operator’s access back; their codes and sessions end at once.',
    example: "--operator 'Maria Rossi'",
    options: { ...ADMIN_OPTIONS, operator: OPERATOR },
    main: async ({ options, signal }) => {
      const named = required(options.operator, 'operator', 'an id or a name');
      const api = await connectAsAdmin(options);
      await api.call(
        'POST',
        `/operators/${await findOperator(api, named, signal)}/revoke`,
        undefined,
        signal,
      );
    },
  }),
  programCommand({
    name: 'admin organisation',
    about: 'Says whose relay this is.',
    example: "--name 'Rossi Support'",
    options: {
      ...ADMIN_OPTIONS,
      name: textOption({ about: 'the organisation’s name', fallback: undefined }),
    },
    main: async ({ options, signal }) => {
      const name = required(options.name, 'name', 'a name');
      await (await connectAsAdmin(options)).call('PUT', '/organisation', { name }, signal);
    },
  }),
  programCommand({
    name: 'admin log',
    about: 'Reads the connection log, for a reason that stands in the audit log from then on.',
    example: "--reason 'reported abuse' --limit 20",
    options: {
      ...ADMIN_OPTIONS,
      reason: textOption({ about: 'why you read it', fallback: undefined }),
      session: textOption({ about: 'only this session', fallback: undefined }),
      source: textOption({ about: 'only this address', fallback: undefined }),
      limit: numberOption({ about: 'at most so many entries', from: 1, to: 1000, fallback: 100 }),
    },
    main: async ({ options, signal, print }) => {
      const reason = required(options.reason, 'reason', 'a reason in your words');
      const { session, source, limit } = options;
      const api = await connectAsAdmin(options);
      const body = { reason, session, source, limit };
      const { entries } = (await api.call('POST', '/connection-log', body, signal)) as {
        readonly entries: readonly { readonly time: number }[];
      };
      for (const entry of entries) print(JSON.stringify({ ...entry, time: time(entry.time) }));
    },
  }),
  programCommand({
    name: 'admin audit',
    about: 'Lists what administrators did, newest first.',
    example: '--limit 20',
    options: {
      ...ADMIN_OPTIONS,
      limit: numberOption({ about: 'at most so many entries', from: 1, to: 500, fallback: 100 }),
    },
    main: async ({ options, signal, print }) => {
      const api = await connectAsAdmin(options);
      const { entries } = (await api.call('GET', `/audit?limit=${options.limit}`, undefined, signal)) as {
        readonly entries: readonly { readonly time: number }[];
      };
      for (const entry of entries) print(JSON.stringify({ ...entry, time: time(entry.time) }));
    },
  }),
  programCommand({
    name: 'admin audit-verify',
    about: 'Checks the audit log’s chain, and prints its newest entry to be noted elsewhere.',
    example: '--noted "$(cat noted-entry)"',
    options: {
      ...ADMIN_OPTIONS,
      noted: textOption({
        about: 'what an earlier check printed: the log must still hold it',
        placeholder: 'seq:hash',
        pattern: /^\d{1,15}:[0-9a-f]{64}$/,
        allowed: 'a number, a colon and 64 hexadecimal digits',
        fallback: undefined,
      }),
    },
    main: async ({ options, signal, print }) => {
      const api = await connectAsAdmin(options);
      const [seq, hash] = options.noted?.split(':') ?? [];
      const query = seq === undefined ? '' : `?seq=${seq}&hash=${hash}`;
      const verdict = (await api.call('GET', `/audit/verify${query}`, undefined, signal)) as
        | { readonly intact: true; readonly head: { readonly seq: number; readonly hash: string } }
        | { readonly intact: false; readonly seq: number };
      if (!verdict.intact) throw new LiveletError('audit-broken', undefined, { data: { seq: verdict.seq } });
      print(`${verdict.head.seq}:${verdict.head.hash}`);
    },
  }),
  programCommand({
    name: 'admin history',
    about: 'Writes who held a session when, how long, and their notes.',
    example: '--since 2026-01-01 --until 2026-02-01',
    options: {
      ...ADMIN_OPTIONS,
      format: choiceOption({ about: 'how', values: ['csv', 'json'], fallback: 'csv' }),
      operator: OPERATOR,
      since: textOption({ about: 'only what began on this day (UTC) or later', ...DATE }),
      until: textOption({ about: 'only what began before this day (UTC)', ...DATE }),
    },
    main: async ({ options, signal }) => {
      const { format, operator, since, until } = options;
      const api = await connectAsAdmin(options);
      const query = new URLSearchParams({ format: format ?? 'csv' });
      if (operator !== undefined) query.set('operator', await findOperator(api, operator, signal));
      if (since !== undefined) query.set('from', String(Date.parse(since)));
      if (until !== undefined) query.set('to', String(Date.parse(until)));
      process.stdout.write(await api.download(`/history/export?${query}`, signal));
    },
  }),
  programCommand({
    name: 'admin console',
    about: 'Prints a one-time address of the web console.',
    options: ADMIN_OPTIONS,
    main: async ({ options, signal, print }) => {
      const api = await connectAsAdmin(options);
      const { token } = (await api.call('POST', '/console-link', undefined, signal)) as {
        readonly token: string;
      };
      const { relayUrl } = await readDeployment(options.deployment);
      print(`https://${new URL(relayUrl).host}/admin/#${token}`);
    },
  }),
];

function row(...cells: readonly string[]): string {
  return cells.join('  ');
}

function time(at: number): string {
  return new Date(at).toISOString();
}
