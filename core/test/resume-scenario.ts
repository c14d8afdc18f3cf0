/** One session with traffic of every kind on a line that fails, all of it decided by a seed. */
import { createHash } from 'node:crypto';
import { type ByteStream, LiveletError, type SessionEnd } from '../src/index.js';
import {
  ManualClock,
  SeededRandom,
  type SimulatedLink,
  SimulatedNetwork,
  SimulatedRelay,
} from '../test-support/index.js';
import { CHAT, FILES, INPUT, type Service, streams } from './streams-fixture.js';

/** How long a session is watched at most, ms of its clock. */
const LONGEST = 15 * 60_000;

/** Bytes that went into a stream and bytes that came out of it. */
interface Carried {
  readonly name: string;
  readonly sent: Buffer;
  readonly received: Buffer;
  /** Both ends closed it in good order. */
  readonly whole: boolean;
}

export interface Played {
  readonly faults: readonly string[];
  readonly resumes: number;
  readonly carried: readonly Carried[];
  /** Numbers of the presses that arrived. */
  readonly presses: readonly number[];
  readonly ends: readonly [SessionEnd, SessionEnd];
  /** Of both ends, what the customer grants. */
  readonly granted: readonly [readonly string[], readonly string[]];
  /** Timers that are left. */
  readonly timers: number;
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function play(seed: number): Promise<Played> {
  const random = new SeededRandom(seed);
  const clock = new ManualClock();
  const network = new SimulatedNetwork({ seed, clock, delay: { min: 1, max: random.integer(2, 60) } });
  const relay = new SimulatedRelay(network);
  const weather = new Weather(random, clock, relay);
  const link = network.connect();
  const connecting = streams({ clock, link, relay });
  await settle(clock, connecting);
  const { operator, customer, open } = await connecting;
  relay.onJoin = (joined) => weather.strike(joined);

  const opening = Promise.all([open(FILES), open(CHAT), open(CHAT)]);
  await settle(clock, opening);
  const [files, chat, backChat] = await opening;
  weather.strike(link);
  const transfers = [
    carry('file', files.near, files.far, random.bytes(random.integer(1, 900_000)), random, clock),
    carry('chat', chat.near, chat.far, random.bytes(random.integer(1, 9_000)), random, clock, 300),
    carry(
      'chat back',
      backChat.far,
      backChat.near,
      random.bytes(random.integer(1, 9_000)),
      random,
      clock,
      300,
    ),
  ];
  for (const stream of [chat.far, backChat.near, files.far]) void stream.closed;
  const presses: number[] = [];
  const stopPressing = press(open, presses, random, clock);
  const revokeAt = random.next() < 0.3 ? random.integer(0, 30_000) : Number.POSITIVE_INFINITY;

  const all = Promise.all(transfers);
  let done = false;
  void all.then(() => {
    done = true;
  });
  const start = clock.now();
  while (!done && !operator.signal.aborted && !customer.signal.aborted && clock.now() - start < LONGEST) {
    await clock.advance(random.integer(1, 2_000));
    if (clock.now() - start >= revokeAt) customer.ownGrants.revoke('send-files');
  }
  weather.clear();
  await clock.advance(150_000);
  const granted = [customer.ownGrants, operator.peerGrants].map((grants) =>
    grants
      .all()
      .filter(({ state }) => state === 'granted')
      .map(({ capability }) => capability)
      .sort(),
  ) as unknown as readonly [string[], string[]];
  stopPressing();
  const resumes = operator.statistics().resumes;
  const ends = Promise.all([operator.ended, customer.ended]);
  void (random.next() < 0.5 ? operator : customer).end('person');
  await clock.advance(150_000);
  return {
    faults: weather.faults,
    resumes,
    carried: await all,
    presses,
    ends: await ends,
    granted,
    timers: clock.pending,
  };
}

/** What befalls a line, until it has had enough. */
class Weather {
  readonly faults: string[] = [];
  readonly #random: SeededRandom;
  readonly #clock: ManualClock;
  readonly #relay: SimulatedRelay;
  #left: number;

  constructor(random: SeededRandom, clock: ManualClock, relay: SimulatedRelay) {
    this.#random = random;
    this.#clock = clock;
    this.#relay = relay;
    this.#left = random.integer(1, 7);
  }

  clear(): void {
    this.#left = 0;
    this.#relay.down = false;
  }

  strike(link: SimulatedLink): void {
    if (this.#left-- <= 0) return;
    const kinds = [this.#cut, this.#stall, this.#trickle, this.#reset, this.#restart, this.#garble];
    kinds[this.#random.integer(0, kinds.length - 1)]?.call(this, link);
  }

  #lane(link: SimulatedLink) {
    return this.#random.next() < 0.5 ? link.toCustomer : link.toOperator;
  }

  #cut(link: SimulatedLink): void {
    const lane = this.#lane(link);
    // Half of them while the ends agree on keys, if that is what they do.
    const bytes =
      this.#random.next() < 0.5 ? this.#random.integer(0, 3_000) : this.#random.integer(0, 300_000);
    this.faults.push(`cut after ${bytes}`);
    lane.cutAfterBytes(lane.bytes + bytes);
  }

  #stall(link: SimulatedLink): void {
    this.faults.push('stalled');
    this.#clock.setTimer(this.#random.integer(0, 3_000), () => {
      link.toCustomer.stall();
      if (this.#random.next() < 0.7) link.toOperator.stall();
      this.#clock.setTimer(30_000, () => {
        link.toCustomer.resume();
        link.toOperator.resume();
      });
    });
  }

  #trickle(link: SimulatedLink): void {
    this.faults.push('trickled');
    const lane = this.#lane(link);
    lane.stall();
    let frames = this.#random.integer(10, 60);
    const pass = (): void => {
      lane.pass();
      if (--frames > 0) this.#clock.setTimer(700, pass);
      else lane.resume();
    };
    this.#clock.setTimer(700, pass);
  }

  #reset(link: SimulatedLink): void {
    this.faults.push('reset');
    this.#clock.setTimer(this.#random.integer(0, 5_000), () => link.cut());
  }

  #restart(link: SimulatedLink): void {
    const downFor = this.#random.next() < 0.15 ? 200_000 : this.#random.integer(1_000, 60_000);
    this.faults.push(`relay gone for ${downFor}`);
    this.#clock.setTimer(this.#random.integer(0, 5_000), () => {
      this.#relay.down = true;
      this.#relay.restart();
      link.cut();
      this.#clock.setTimer(downFor, () => {
        this.#relay.down = false;
      });
    });
  }

  /** Only while the ends agree on keys: later it would be the end of the session, and rightly. */
  #garble(link: SimulatedLink): void {
    const lane = this.#lane(link);
    if (lane.frames > 0) return;
    this.faults.push('garbled');
    const at = lane === link.toOperator ? this.#random.integer(0, 1) : 0;
    lane.intercept = (frame, index) =>
      index === at ? [frame.with(this.#random.integer(0, frame.length - 1), 0xaa)] : [frame];
  }
}

/** Writes in pieces with pauses, reads with pauses. */
async function carry(
  name: string,
  from: ByteStream,
  to: ByteStream,
  sent: Uint8Array,
  random: SeededRandom,
  clock: ManualClock,
  piece = 80_000,
): Promise<Carried> {
  const write = async (): Promise<void> => {
    try {
      for (let at = 0; at < sent.length; ) {
        const length = random.integer(1, piece);
        await from.write(Uint8Array.from(sent.subarray(at, at + length)));
        at += length;
        await pause(clock, random.integer(0, 1_500));
      }
      from.closeWrite();
    } catch (error) {
      if (!(error instanceof LiveletError)) throw error;
    }
  };
  const chunks: Uint8Array[] = [];
  const read = async (): Promise<boolean> => {
    try {
      for await (const chunk of to) {
        chunks.push(chunk);
        if (random.next() < 0.3) await pause(clock, random.integer(0, 2_000));
      }
      to.closeWrite();
      return true;
    } catch (error) {
      if (!(error instanceof LiveletError)) throw error;
      return false;
    }
  };
  const [, whole] = await Promise.all([write(), read()]);
  return { name, sent: Buffer.from(sent), received: Buffer.concat(chunks), whole };
}

/** Numbered presses on an input stream, opened again whenever it was dropped. */
function press(
  open: (service: Service) => Promise<{ readonly near: ByteStream; readonly far: ByteStream }>,
  arrived: number[],
  random: SeededRandom,
  clock: ManualClock,
): () => void {
  let stopped = false;
  let next = 1;
  const hold = async (): Promise<void> => {
    const { near, far } = await open(INPUT);
    const reading = (async () => {
      for await (const chunk of far) {
        const numbers = Buffer.from(chunk);
        for (let at = 0; at < numbers.length; at += 4) arrived.push(numbers.readUInt32BE(at));
      }
    })().catch(() => undefined);
    let over = false;
    void near.closed.then(() => {
      over = true;
    });
    while (!over && !stopped) {
      const number = Buffer.alloc(4);
      number.writeUInt32BE(next++);
      void near.write(number);
      await pause(clock, random.integer(50, 1_000));
    }
    near.reset('cancelled');
    await reading;
  };
  const holding = async (): Promise<void> => {
    while (!stopped) {
      try {
        await hold();
      } catch (error) {
        if (!(error instanceof LiveletError) || error.code !== 'reconnecting') return;
      }
    }
  };
  void holding();
  return () => {
    stopped = true;
  };
}

function pause(clock: ManualClock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

async function settle(clock: ManualClock, work: Promise<unknown>): Promise<void> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  while (!done) await clock.advance(50);
}
