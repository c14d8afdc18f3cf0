import { type Destination, dial, type LightEnd } from './light-end.js';
import { authorize, type Operator } from './operator.js';

export interface PairPlan {
  readonly operator: Destination;
  readonly customer: Destination;
  readonly as: Operator;
}

export interface Pair {
  readonly operator: LightEnd;
  readonly customer: LightEnd;
}

/** Dials, asks for a code and hears it. */
export async function allocate(
  destination: Destination,
  as: Operator,
): Promise<{ end: LightEnd; nameplate: string }> {
  const end = await dial(destination);
  try {
    end.say({ type: 'allocate', authorization: authorize(as) });
    const { type, nameplate } = await end.hear();
    if (type !== 'code') throw new Error(`${type} instead of a code`);
    return { end, nameplate: String(nameplate) };
  } catch (error) {
    end[Symbol.dispose]();
    throw error;
  }
}

/** Dials and names a nameplate. */
export async function join(destination: Destination, nameplate: string): Promise<LightEnd> {
  const end = await dial(destination);
  try {
    end.say({ type: 'join', nameplate });
    await joined(end);
    return end;
  } catch (error) {
    end[Symbol.dispose]();
    throw error;
  }
}

export async function joined(end: LightEnd): Promise<void> {
  const { type } = await end.hear();
  if (type !== 'joined') throw new Error(`${type} instead of joined`);
}

/** Two ends joined through the relay. */
export async function openPair({ operator, customer, as }: PairPlan): Promise<Pair> {
  const { end, nameplate } = await allocate(operator, as);
  try {
    const [other] = await Promise.all([join(customer, nameplate), joined(end)]);
    return { operator: end, customer: other };
  } catch (error) {
    end[Symbol.dispose]();
    throw error;
  }
}
