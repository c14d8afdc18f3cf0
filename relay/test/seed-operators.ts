import { type Identity, keyText } from '@livelet/core';
import { openStore, type StorePlace } from '../src/store/open-store.js';

/** Writes operators into the store of a relay that isn't running, so that tests of other things need no enrolment. */
export async function seedOperators(
  place: StorePlace,
  ...operators: readonly (Pick<Identity, 'publicKey'> & { readonly role: 'admin' | 'operator' })[]
): Promise<void> {
  await using store = await openStore(place);
  const rows = operators.map(({ publicKey, role }, index) => ({
    id: `seeded${index}`,
    public_key: keyText(publicKey),
    name: `Seeded ${index}`,
    role,
    enrolled_at: index,
    revoked_at: null,
  }));
  await store.db
    .insertInto('operators')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
