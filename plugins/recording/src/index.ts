/** `livelet.recording`: the session as a film, on the disk of the one who looks and nowhere else. */
import { type PluginDefinition, SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';
import { RecordedPerson } from './recorded-person.js';
import { Recorder } from './recorder.js';
import { RecordingPermissions } from './recording-permission.js';

export const plugin: PluginDefinition = {
  session: (role) =>
    new ContainerModule(({ bind }) => {
      if (role === 'recorder') bind(RecordingPermissions).toSelf().inSingletonScope();
      bind(SessionPart)
        .to(role === 'recorder' ? Recorder : RecordedPerson)
        .inSingletonScope();
    }),
};
