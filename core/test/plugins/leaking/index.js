import { SessionInfo } from '@livelet/core';
import { ContainerModule } from 'inversify';

const Helper = Symbol.for('@test/Helper');

/** A singleton of the host that asks for the session: session 1 would stay in it for ever. */
export const plugin = {
  host: () =>
    new ContainerModule(({ bind }) => {
      bind(Helper)
        .toResolvedValue((session) => ({ session }), [SessionInfo])
        .inSingletonScope();
    }),
  session: () => new ContainerModule(() => undefined),
};
