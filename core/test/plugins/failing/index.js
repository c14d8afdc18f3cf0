import { SessionPart } from '@livelet/core';
import { ContainerModule } from 'inversify';

export const plugin = {
  session: () =>
    new ContainerModule(({ bind }) => {
      bind(SessionPart).toConstantValue({
        start: () => Promise.reject(new TypeError('no such thing')),
        stop: () => undefined,
      });
    }),
};
