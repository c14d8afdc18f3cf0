/** `livelet.problem-report`: what went wrong, gathered and shown whole, sent sealed to the support when a person says so. */
import { HostPart, type PluginDefinition, PluginUi, ReportSource, systemRandom } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { ReportDesk } from './report-desk.js';

export const plugin: PluginDefinition = {
  standing: () =>
    new ContainerModule(({ bind }) => {
      bind(HostPart)
        .toResolvedValue((ui, source) => new ReportDesk(ui, source, systemRandom), [PluginUi, ReportSource])
        .inSingletonScope();
    }),
  // A report needs nobody at another end.
  session: () => new ContainerModule(() => undefined),
};
