import type { Clock } from '../clock.js';
import { CAPABILITIES, type Capability } from '../consent/capability.js';
import type { Side } from '../contracts/session.js';
import { asLiveletError, LiveletError } from '../errors.js';
import { startDeadline } from '../transport/deadline.js';
import type { Transport } from '../transport/transport.js';
import { utf8 } from './bytes.js';
import { type RandomSource, sha256, wipe } from './crypto.js';
import { FrameInbox } from './frame-inbox.js';
import { customerHandshake, operatorHandshake } from './handshake.js';
import { decodeHello, encodeHello } from './hello.js';
import { decodeIdentityRecord, encodeIdentityRecord, encodeName, type Identity } from './identity.js';
import type { SessionKeys } from './key-schedule.js';
import { Reconnector, type Redial } from './reconnector.js';
import { linkWith, type RecordLink } from './record-link.js';
import { RECORD_TYPES } from './records.js';
import { ResumablePipe } from './resumable-pipe.js';
import { RunningSession } from './running-session.js';
import { sasWords } from './sas-words.js';
import type { HelloPlugin, SessionChannel } from './session-channel.js';
import type { SessionCode } from './session-code.js';

/** From the first message to the peer's hello, ms. */
const CONNECT_DEADLINE = 15_000;
const SESSION_ID_BYTES = 16;

/** `code-spent`: this code must not be used again, whatever comes. `keys-agreed`: the peer knows the secret. */
export type ConnectStep = 'code-spent' | 'keys-agreed';

/** One end of one attempt. */
export interface ConnectOptions {
  /** Not attached yet. Taken over: it is closed when the attempt fails or the session ends. */
  readonly transport: Transport;
  readonly side: Side;
  readonly code: SessionCode;
  readonly deploymentId: string;
  readonly identity: Identity;
  /** As the peer will see it: at most 128 bytes of UTF-8. */
  readonly name: string;
  /** This end's plugins. */
  readonly hello: readonly HelloPlugin[];
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Gives up the attempt; a session that runs is ended by its `end`. */
  readonly signal: AbortSignal;
  /** What the person at this end can ever grant. @default all capabilities */
  readonly allowed?: readonly Capability[];
  readonly onProgress?: (step: ConnectStep) => void;
  /**
   * The way to the peer after a drop: through the relay, by a handle of 32 bytes that only the two ends know. Called
   * again and again while the session reconnects; `code-not-valid` says that the relay takes this handle no more.
   * @default none: a session whose connection is lost is over
   */
  readonly redial?: Redial;
}

/**
 * From a transport to a session: handshake, identities, hellos. One attempt at one code.
 * @throws LiveletError with `data.codeSpent` (boolean: a second attempt with this code must not be):
 *   `code-wrong-secret`, `handshake-failed`, `handshake-malformed`, `handshake-timeout`,
 *   `protocol-version-unsupported`, `identity-invalid`, `hello-invalid`, `record-refused`, `record-malformed`,
 *   `session-interrupted` (the peer hung up), `cancelled`, or what the transport was lost with
 */
export async function connectSession(options: ConnectOptions): Promise<SessionChannel> {
  const { transport, clock, onProgress } = options;
  let codeSpent = false;
  const spend = (): void => {
    codeSpent = true;
    onProgress?.('code-spent');
  };
  let link: RecordLink | undefined;
  let keys: SessionKeys | undefined;
  using deadline = startDeadline(clock, CONNECT_DEADLINE, options.signal);
  const { signal } = deadline;
  try {
    // What this end got wrong must not cost a code.
    encodeName(options.name);
    const hello = encodeHello(options.hello);
    const inbox = new FrameInbox(transport);
    keys = await agreeOnKeys(options, inbox, signal, spend);
    onProgress?.('keys-agreed');
    link = linkWith(keys, options, inbox);
    const session = await introduce(link, keys, hello, options, signal);
    return session;
  } catch (error) {
    link?.close();
    if (keys) wipe(keys.secretO2C, keys.secretC2O, keys.resume, keys.sas);
    transport.close();
    throw attemptError(error, codeSpent);
  }
}

async function agreeOnKeys(
  { transport, side, code, deploymentId, random }: ConnectOptions,
  inbox: FrameInbox,
  signal: AbortSignal,
  spend: () => void,
): Promise<SessionKeys> {
  const attempt = { ...code, deploymentId, random };
  if (side === 'operator') {
    const handshake = operatorHandshake(attempt);
    using _ = { [Symbol.dispose]: () => handshake.wipe() };
    transport.send(handshake.receiveM0(required(await inbox.next(signal))));
    const m2 = required(await inbox.next(signal));
    spend();
    const { m3, keys } = handshake.receiveM2(m2);
    transport.send(m3);
    return keys;
  }
  const handshake = customerHandshake(attempt);
  using _ = { [Symbol.dispose]: () => handshake.wipe() };
  transport.send(handshake.start());
  const m2 = handshake.receiveM1(required(await inbox.next(signal)));
  spend();
  transport.send(m2);
  const m3 = await inbox.next(signal);
  // The operator's end hangs up on a confirmation that doesn't fit, and says nothing: that is all it can mean.
  if (!m3) throw new LiveletError('code-wrong-secret', 'the operator refused the confirmation');
  return handshake.receiveM3(m3);
}

/** Record 0 is the identity, record 1 the hello, both ways; nothing else comes before both. */
async function introduce(
  link: RecordLink,
  keys: SessionKeys,
  hello: Uint8Array,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<RunningSession> {
  const { side, identity, name, clock, random, redial } = options;
  const { th3, sas, resume } = keys;
  link.send(RECORD_TYPES.identity, encodeIdentityRecord(identity, name, side, th3), true);
  link.send(RECORD_TYPES.hello, hello, true);
  const first = required(await link.next(signal));
  if (first.type !== RECORD_TYPES.identity)
    throw new LiveletError('identity-invalid', 'not the first record');
  const peer = decodeIdentityRecord(first.body, side === 'operator' ? 'customer' : 'operator', th3);
  const second = required(await link.next(signal));
  if (second.type !== RECORD_TYPES.hello) throw new LiveletError('hello-invalid', 'not the second record');
  const peerPlugins = decodeHello(second.body);
  const words = sasWords(sas);
  wipe(sas);
  const reconnector = redial && new Reconnector({ side, clock, random, redial, secret: resume });
  if (!reconnector) wipe(resume);
  return new RunningSession({
    info: {
      id: Buffer.from(random(SESSION_ID_BYTES)).toString('hex'),
      side,
      peer,
      sasWords: words,
      startedAt: clock.wallTime(),
    },
    pipe: new ResumablePipe({ link, clock, reconnector }),
    clock,
    policy: options.allowed ?? CAPABILITIES,
    announced: options.hello.flatMap(({ services }) => services),
    peerPlugins,
    identity,
    name: new TextDecoder().decode(encodeName(name)),
    session: Buffer.from(sha256(utf8('livelet/1 receipt'), th3))
      .toString('hex')
      .slice(0, 2 * SESSION_ID_BYTES),
  });
}

function required<T>(received: T | undefined): T {
  if (received === undefined)
    throw new LiveletError('session-interrupted', 'the peer hung up while connecting');
  return received;
}

function attemptError(error: unknown, codeSpent: boolean): LiveletError {
  const { code, message, data } = asLiveletError(error);
  return new LiveletError(code === 'deadline-exceeded' ? 'handshake-timeout' : code, message, {
    cause: error,
    data: { ...data, codeSpent },
  });
}
