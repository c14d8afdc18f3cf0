import {
  ChatArchive,
  type Clock,
  createHostContainer,
  Desktop,
  type HostContainer,
  OwnWindows,
  pluginFolder,
  ReportSource,
  SharedDisplay,
} from '@livelet/core';
import { checkXDisplay } from '@livelet/plugin-capture';
import { ContainerModule } from 'inversify';

export { checkXDisplay as checkDisplay };

const INPUT = {
  folder: pluginFolder(import.meta.resolve('@livelet/plugin-input/package.json')),
  role: 'target',
} as const;

const CLIPBOARD = {
  folder: pluginFolder(import.meta.resolve('@livelet/plugin-clipboard/package.json')),
  role: 'sharer',
} as const;

/** The customer's halves of the plugins, in start order. The only place in this host that names a plugin. */
export function createLiveletHost(
  clock: Clock,
  display: SharedDisplay,
  ownWindows: OwnWindows,
  archive: ChatArchive,
  reports: ReportSource,
  desktop: Desktop | undefined,
): Promise<HostContainer> {
  return createHostContainer({
    clock,
    plugins: [
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-capture/package.json')), role: 'source' },
      // Its target needs an X display; elsewhere the person isn't asked for what can't be had.
      ...(display.name === '' ? [] : [INPUT]),
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-chat/package.json')), role: 'participant' },
      ...(display.name === '' ? [] : [CLIPBOARD]),
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-file-transfer/package.json')),
        role: 'depot',
      },
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-audio/package.json')), role: 'answerer' },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-capture/package.json')),
        manifest: 'demo-manifest.json',
        role: 'audience',
      },
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-camera/package.json')), role: 'answerer' },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-recording/package.json')),
        role: 'recorded',
      },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-problem-report/package.json')),
        role: 'reporter',
      },
    ],
    bindings: new ContainerModule(({ bind }) => {
      bind(SharedDisplay).toConstantValue(display);
      bind(OwnWindows).toConstantValue(ownWindows);
      bind(ChatArchive).toConstantValue(archive);
      bind(ReportSource).toConstantValue(reports);
      if (desktop) bind(Desktop).toConstantValue(desktop);
    }),
  });
}
