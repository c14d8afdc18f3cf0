import { type PortPair, portPair, vp8Header } from '@livelet/compliance';
import { type Capability, createHostContainer, type HostedSession, systemClock } from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import {
  type HostToLens,
  type HostToOwn,
  type HostToTheir,
  LENS_PIECE,
  type LensToHost,
  OWN_PIECE,
  type OwnToHost,
  THEIR_PIECE,
  type TheirToHost,
} from '../src/page-protocol.js';

export const folder = new URL('../../', import.meta.url);

/** How long a test waits for what must come, ms. */
const DEADLINE = 15_000;

/** A piece of the page in the test's place, and what it was told, oldest first. */
export class Piece<Told, Said extends object> {
  readonly told: Told[] = [];
  readonly port: PortPair;
  readonly #watchers = new Set<() => void>();

  constructor(session: HostedSession, id: string) {
    this.port = portPair(`plugin:livelet.camera:${id}`);
    this.port.page.onMessage(({ json }) => {
      this.told.push(json as Told);
      for (const watcher of this.#watchers) watcher();
    });
    if (!session.connectPort(this.port.host)) throw new Error('nobody takes the port');
  }

  say(message: Said, bytes?: Uint8Array): void {
    this.port.page.post({ json: { ...message } as never, ...(bytes && { bytes }) });
  }

  /** Resolves once `isSo`, looked at after each message. */
  async until(isSo: (last: Told | undefined) => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(JSON.stringify(this.told))), DEADLINE);
    const watcher = (): void => void (isSo(this.told.at(-1)) && resolve());
    this.#watchers.add(watcher);
    watcher();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    });
  }
}

/** One person's three pieces. */
export interface Person {
  readonly lens: Piece<HostToLens, LensToHost>;
  readonly own: Piece<HostToOwn, OwnToHost>;
  readonly their: Piece<HostToTheir, TheirToHost>;
}

/** Both halves in one session; nothing is granted yet. */
export interface HostedCamera extends AsyncDisposable {
  readonly pair: SessionPair;
  readonly operator: Person;
  readonly customer: Person;
  /** The piece of another page of the customer's. */
  anotherCustomersLens(): Piece<HostToLens, LensToHost>;
  /** Resolves when the operator's end knows. */
  grant(capability: Capability): Promise<void>;
}

export async function hostCamera(relay?: SimulatedRelay): Promise<HostedCamera> {
  await using stack = new AsyncDisposableStack();
  const open = async (role: string) =>
    stack.use(await createHostContainer({ clock: systemClock, plugins: [{ folder, role }] }));
  const [caller, answerer] = [await open('caller'), await open('answerer')];
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: caller.hello() },
    customer: { hello: answerer.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const answering = stack.use(await answerer.openSession(pair.customer));
  const customer = personOf(answering);
  const operator = personOf(stack.use(await caller.openSession(pair.operator)));
  const owned = stack.move();
  return {
    pair,
    operator,
    customer,
    anotherCustomersLens: () => new Piece(answering, LENS_PIECE),
    async grant(capability) {
      const { promise, resolve } = Promise.withResolvers<void>();
      using _ = pair.operator.peerGrants.onChange(() => resolve());
      pair.customer.ownGrants.grant(capability);
      if (!pair.operator.peerGrants.isGranted(capability)) await promise;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** What the page was asked last about the camera itself. */
export function asked({
  lens,
}: Pick<Person, 'lens'>): Extract<HostToLens, { type: 'open' | 'close' }> | undefined {
  return lens.told.findLast((message) => message.type === 'open' || message.type === 'close');
}

/** Of each person, the openings that the page has answered. */
const answered = new WeakMap<object, number>();

/** The page opens the camera once it is asked to. @returns the id of the opening */
export async function openLens(person: Pick<Person, 'lens'>): Promise<number> {
  const { lens } = person;
  const wanted = (): number => {
    const last = asked(person);
    return last?.type === 'open' ? last.id : -1;
  };
  await lens.until(() => wanted() > (answered.get(person) ?? -1));
  const id = wanted();
  answered.set(person, id);
  const last = asked(person);
  const devices = [
    { id: 'a', label: 'First' },
    { id: 'b', label: 'Second' },
  ];
  lens.say({ type: 'opened', id, device: (last?.type === 'open' && last.device) || 'a', devices });
  return id;
}

/** Turns the operator's camera on; its number, once it is open and they have read so. */
export async function turnOn(operator: Person): Promise<number> {
  operator.own.say({ type: 'on' });
  const id = await openLens(operator);
  await operator.own.until((last) => last?.state === 'on');
  return id;
}

/** A frame of 32 x 16 pixels, as far as its headers. */
export function filmOn({ lens }: Person, id: number, key: boolean): void {
  lens.say({ type: 'frame', id, key, width: 32, height: 16 }, vp8Header(key, 32, 16));
}

function personOf(session: HostedSession): Person {
  return {
    lens: new Piece(session, LENS_PIECE),
    own: new Piece(session, OWN_PIECE),
    their: new Piece(session, THEIR_PIECE),
  };
}
