import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ProxyServer } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import { proxyFinder } from '../src/index.js';
import { isExcepted, isLoopback } from '../src/proxy/exceptions.js';
import { readGnomeSettings } from '../src/proxy/gnome.js';
import { readMacosSettings } from '../src/proxy/macos.js';
import { readWindowsSettings } from '../src/proxy/windows.js';

const PROXY = { host: 'proxy.example', port: 3128 };
const never = new AbortController().signal;

/** As printed by gsettings 2.74 of Debian 12. */
const gnome = (mode: string, ...changes: (readonly [string, string])[]): string => {
  const output = `org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '10.0.0.0/8', '::1', 'intra.example']
org.gnome.system.proxy mode '${mode}'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
org.gnome.system.proxy.http authentication-password "it's \\"open\\""
org.gnome.system.proxy.http authentication-user 'ali'
org.gnome.system.proxy.http enabled false
org.gnome.system.proxy.http host 'proxy.example'
org.gnome.system.proxy.http port 3128
org.gnome.system.proxy.http use-authentication false
org.gnome.system.proxy.https host 'proxy.example'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.socks host ''
org.gnome.system.proxy.socks port 0
`;
  return changes.reduce((text, [from, to]) => text.replace(from, to), output);
};
const GNOME_EXCEPT = ['.localhost', '10.0.0.0/8', '::1', '.intra.example'];

test('GNOME’s settings', (t) => {
  t.deepEqual(readGnomeSettings(gnome('manual')), { proxy: PROXY, except: GNOME_EXCEPT });
  const withPassword = readGnomeSettings(
    gnome('manual', ['use-authentication false', 'use-authentication true']),
  );
  t.deepEqual(withPassword?.proxy, { ...PROXY, credentials: { user: 'ali', password: 'it\'s "open"' } });
  for (const output of [
    gnome('none'),
    gnome('auto', ["autoconfig-url ''", "autoconfig-url 'http://proxy.example/wpad.dat'"]),
    gnome('manual', ["https host 'proxy.example'", "https host ''"]),
    'No schemas installed\n',
    '',
  ]) {
    t.is(readGnomeSettings(output), undefined);
  }
});

/** As printed by macOS 14. */
const MACOS = `<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 1
  FTPPassive : 1
  HTTPEnable : 0
  HTTPSEnable : 1
  HTTPSPort : 3128
  HTTPSProxy : proxy.example
  HTTPSUser : ali
  ProxyAutoConfigEnable : 0
}
`;

test('the settings of macOS', (t) => {
  const except = ['*.local', '169.254/16', '<local>'];
  t.deepEqual(readMacosSettings(MACOS), { proxy: PROXY, except });
  const auto =
    '<dictionary> {\n  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://x.example/a.pac\n}\n';
  for (const output of [
    MACOS.replace('HTTPSEnable : 1', 'HTTPSEnable : 0'),
    auto,
    '<dictionary> {\n}\n',
    '',
  ]) {
    t.is(readMacosSettings(output), undefined);
  }
});

/** As printed by Windows 11. */
const windows = (enable: string, server: string): string =>
  [
    '',
    'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings',
    '    CertificateRevocation    REG_DWORD    0x1',
    '    ZonesSecurityUpgrade    REG_BINARY    ABE1F44E6E0ADC01',
    `    ProxyEnable    REG_DWORD    ${enable}`,
    `    ProxyServer    REG_SZ    ${server}`,
    '    ProxyOverride    REG_SZ    10.*;*.intra.example;<local>',
    '',
    'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Zones',
    '',
  ].join('\r\n');

test('the settings of Windows', (t) => {
  const except = ['10.*', '*.intra.example', '<local>'];
  const expected = { proxy: PROXY, except };
  t.deepEqual(readWindowsSettings(windows('0x1', 'proxy.example:3128')), expected);
  const each = 'http=other.example:80;https=proxy.example:3128;socks=s.example:1080';
  t.deepEqual(readWindowsSettings(windows('0x1', each)), expected);
  for (const output of [
    windows('0x0', 'proxy.example:3128'),
    windows('0x1', 'socks=s.example:1080'),
    windows('0x1', ''),
    '',
  ]) {
    t.is(readWindowsSettings(output), undefined);
  }
});

const EXCEPTIONS: readonly (readonly [host: string, entry: string, excepted: boolean])[] = [
  ['relay.example', 'relay.example', true],
  ['RELAY.example', 'relay.EXAMPLE', true],
  ['my.relay.example', 'relay.example', false],
  ['my.relay.example', '.relay.example', true],
  ['relay.example', '.relay.example', true],
  ['myrelay.example', '.relay.example', false],
  ['my.relay.example', '*.relay.example', true],
  ['relay.example', '*.relay.example', false],
  ['relay-7.example', 'relay-*.ex*le', true],
  ['relay.exle', 'relay*.ex*lle', false],
  ['anything', '*', true],
  ['relay', '<local>', true],
  ['relay.example', '<local>', false],
  ['::1', '<local>', false],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['169.254.7.7', '169.254/16', true],
  ['2001:db8::7', '2001:db8::/32', true],
  ['10.1.2.3', '2001:db8::/32', false],
  ['relay.example', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99', false],
  ['10.1.2.3', '10.0.0.0/', false],
  ['10.1.2.3', '10.1.2.*', true],
];
for (const [host, entry, excepted] of EXCEPTIONS) {
  test(`${host} is ${excepted ? '' : 'not '}excepted by ${entry}`, (t) => {
    t.is(isExcepted(host, ['other.example', entry]), excepted);
  });
}

test('what is this computer itself', (t) => {
  for (const host of ['localhost', 'x.localhost', '127.0.0.1', '127.9.9.9', '::1'])
    t.true(isLoopback(host), host);
  for (const host of ['localhost.example', '128.0.0.1', 'relay.example', '::2'])
    t.false(isLoopback(host), host);
});

/** Runs `work` with these variables and no others that speak of proxies. */
async function withEnvironment<T>(variables: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
    delete process.env[name];
    delete process.env[name.toUpperCase()];
  }
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

const RELAY = { host: 'relay.example', port: 7443 };
const ENVIRONMENTS: readonly (readonly [Record<string, string>, ProxyServer | undefined])[] = [
  [{ HTTPS_PROXY: 'http://proxy.example:3128' }, PROXY],
  [{ https_proxy: 'proxy.example:3128' }, PROXY],
  [{ ALL_PROXY: 'http://a:b@proxy.example:3128' }, { ...PROXY, credentials: { user: 'a', password: 'b' } }],
  [{ HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'relay.example' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: '.example' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'relay.example:443' }, PROXY],
];
for (const [variables, expected] of ENVIRONMENTS) {
  test.serial(`the environment ${JSON.stringify(variables)} decides`, async (t) => {
    t.deepEqual(await withEnvironment(variables, () => proxyFinder('system')(RELAY, never)), expected);
  });
}

test.serial('this computer’s own relay never goes through a proxy of the system', async (t) => {
  const find = proxyFinder('system');
  const variables = { HTTPS_PROXY: 'http://proxy.example:3128' };
  for (const host of ['localhost', '127.0.0.1', '::1']) {
    t.is(await withEnvironment(variables, () => find({ host, port: 7443 }, never)), undefined);
  }
});

test.serial('what can’t be used is said, not passed over', async (t) => {
  for (const named of ['https://ali:secret@proxy.example', 'socks5://proxy.example:1080']) {
    const find = withEnvironment({ HTTPS_PROXY: named }, () => proxyFinder('system')(RELAY, never));
    t.like(await t.throwsAsync(find), { code: 'proxy-invalid' });
  }
});

test('one proxy for everything, or none', async (t) => {
  t.deepEqual(await proxyFinder('http://proxy.example:3128')({ host: 'localhost', port: 1 }, never), PROXY);
  t.is(await proxyFinder('none')(RELAY, never), undefined);
  t.like(
    t.throws(() => proxyFinder('ftp://proxy.example')),
    { code: 'proxy-invalid' },
  );
});

/** Puts a `gsettings` that runs `script` before all others. */
async function gsettings(t: ExecutionContext, script: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-gsettings-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'gsettings'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}${delimiter}${process.env.PATH}` };
}

const onLinux = process.platform === 'linux' ? test.serial : test.serial.skip;

onLinux('the system is asked where the environment says nothing', async (t) => {
  const find = proxyFinder('system');
  const variables = await gsettings(t, `cat <<'END'\n${gnome('manual')}END`);
  await withEnvironment(variables, async () => {
    t.deepEqual(await find(RELAY, never), PROXY);
    t.is(await find({ host: 'relay.intra.example', port: 7443 }, never), undefined);
    t.is(await find({ host: '10.1.2.3', port: 7443 }, never), undefined);
  });
});

onLinux('a system that fails, prints too much or hangs has no settings', async (t) => {
  const find = proxyFinder('system');
  const endless = `while :; do echo "org.gnome.system.proxy mode 'manual'"; done`;
  for (const script of ['exit 1', endless]) {
    t.is(await withEnvironment(await gsettings(t, script), () => find(RELAY, never)), undefined);
  }
  const signal = AbortSignal.abort();
  t.is(await withEnvironment(await gsettings(t, 'sleep 600'), () => find(RELAY, signal)), undefined);
});
