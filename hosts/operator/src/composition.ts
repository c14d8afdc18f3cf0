import {
  ChatArchive,
  type Clock,
  createHostContainer,
  Desktop,
  type HostContainer,
  pluginFolder,
  RecordingsFolder,
  ReportSource,
  SharedDisplay,
} from '@livelet/core';
import { ContainerModule } from 'inversify';

/** What the plugins take of this host. */
export interface OperatorParts {
  readonly clock: Clock;
  readonly display: SharedDisplay;
  readonly archive: ChatArchive;
  readonly reports: ReportSource;
  readonly recordings: RecordingsFolder;
  readonly desktop: Desktop | undefined;
}

/** The operator's halves of the plugins, in start order. The only place in this host that names a plugin. */
export function createOperatorHost(parts: OperatorParts): Promise<HostContainer> {
  const { clock, display, archive, reports, recordings, desktop } = parts;
  return createHostContainer({
    clock,
    plugins: [
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-capture/package.json')), role: 'viewer' },
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-input/package.json')), role: 'controller' },
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-chat/package.json')), role: 'participant' },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-clipboard/package.json')),
        role: 'partner',
      },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-file-transfer/package.json')),
        role: 'courier',
      },
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-audio/package.json')), role: 'caller' },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-capture/package.json')),
        manifest: 'demo-manifest.json',
        role: 'presenter',
      },
      { folder: pluginFolder(import.meta.resolve('@livelet/plugin-camera/package.json')), role: 'caller' },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-recording/package.json')),
        role: 'recorder',
      },
      {
        folder: pluginFolder(import.meta.resolve('@livelet/plugin-problem-report/package.json')),
        role: 'reporter',
      },
    ],
    bindings: new ContainerModule(({ bind }) => {
      bind(SharedDisplay).toConstantValue(display);
      bind(ChatArchive).toConstantValue(archive);
      bind(ReportSource).toConstantValue(reports);
      bind(RecordingsFolder).toConstantValue(recordings);
      if (desktop) bind(Desktop).toConstantValue(desktop);
    }),
  });
}
