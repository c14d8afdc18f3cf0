import { type XConnection } from '../../fixtures/x-client.js';
import { clockNow } from './clock.js';

/** When a display told of changes: as it tells whoever shares it. */
export interface DamageWatch extends Disposable {
  /** ms of {@link clockNow}, in their order. */
  readonly times: readonly number[];
}

/** Watches all of the display, over a connection of its own. */
export async function watchDamage({ client, screen, sync }: XConnection): Promise<DamageWatch> {
  const damage = await new Promise<Parameters<Parameters<typeof client.require>[1]>[1]>((resolve, reject) =>
    client.require('damage', (error, value) => (error ? reject(error) : resolve(value))),
  );
  const times: number[] = [];
  const id = client.AllocID();
  const listener = ({ name }: { readonly name: string }): void => {
    if (name !== 'DamageNotify') return;
    times.push(clockNow());
    damage.Subtract(id, 0, 0);
  };
  client.on('event', listener);
  damage.Create(id, screen.root, damage.ReportLevel.DeltaRectangles);
  await sync();
  return { times, [Symbol.dispose]: () => void client.off('event', listener) };
}
