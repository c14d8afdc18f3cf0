import { ALLOCATE, identityFromSeed, signRequest, systemClock, systemRandom } from '@livelet/core';

/** Someone who may ask for codes. Crosses between processes. */
export interface Operator {
  /** Of the key, 32 bytes. */
  readonly seed: Uint8Array;
  readonly deploymentId: string;
}

/** What an operator's `allocate` carries; good for one. */
export function authorize({ seed, deploymentId }: Operator): string {
  return signRequest(
    identityFromSeed(seed),
    { ...ALLOCATE, deploymentId },
    systemClock.wallTime(),
    systemRandom,
  );
}
