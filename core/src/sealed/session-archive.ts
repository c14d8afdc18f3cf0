import type { RandomSource } from '../channel/crypto.js';
import type { Identity } from '../channel/identity.js';
import type { Clock } from '../clock.js';
import type {
  ChatArchive,
  ChatKeeping,
  KeepingNotice,
  KeptChat,
  WrittenMessage,
} from '../contracts/chat-archive.js';
import type { SessionInfo } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import type { Deployment } from '../transport/deployment.js';
import {
  type Archive,
  MAX_ARCHIVE_CHOICE,
  ownArchive,
  parseArchiveChoice,
  type SignedArchive,
} from './archive-choice.js';
import { MAX_GRANT_TOKEN, signArchiveGrant } from './archive-grant.js';
import { base64, fromBase64 } from './canonical-json.js';
import { TranscriptWriter } from './transcript-writer.js';

/** What a customer's end may hand in for one session: hours of writing. Bytes. */
const GRANT_BYTES = 8 * 1024 * 1024;
/** The longest session and the time that it may take to hand in its end, ms. */
const GRANT_TIME = 13 * 60 * 60 * 1000;

/** A sealed part on its way. */
export interface ArchiveItem {
  readonly archive: Archive;
  readonly id: string;
  readonly envelope: Uint8Array;
  /** Of a customer's end. */
  readonly grant?: string;
}

export interface SessionArchiveOptions {
  readonly deployment: Deployment;
  /** At the operator's end, where the next chat is kept; undefined: nowhere. @default the deployment's own relay */
  readonly place?: () => Archive | SignedArchive | undefined;
  readonly identity: Identity;
  /** As the other person sees it. */
  readonly name: () => string;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Takes what is sealed; returns at once. */
  readonly outbox: { put(item: ArchiveItem): void };
}

/** The chats of one end: who keeps them, and everything that is written sealed for them. */
export class SessionArchive implements ChatArchive {
  readonly #options: SessionArchiveOptions;

  constructor(options: SessionArchiveOptions) {
    this.#options = options;
  }

  begin(session: SessionInfo): KeptChat {
    return session.side === 'operator'
      ? new OperatorChat(this.#options, session)
      : new CustomerChat(this.#options, session);
  }
}

abstract class SessionChat implements KeptChat {
  abstract readonly notice: KeepingNotice;
  protected readonly options: SessionArchiveOptions;
  readonly #info: SessionInfo;
  #keeping: ChatKeeping | undefined;
  #writer: TranscriptWriter | undefined;

  constructor(options: SessionArchiveOptions, info: SessionInfo) {
    this.options = options;
    this.#info = info;
  }

  get keeping(): ChatKeeping | undefined {
    return this.#keeping;
  }

  abstract follow(notice: unknown): ChatKeeping;

  refused(): ChatKeeping {
    return this.keepNothing(true);
  }

  add(message: WrittenMessage): void {
    this.#writer?.add({ ...message });
  }

  close(): void {
    this.#writer?.[Symbol.dispose]();
    this.#writer = undefined;
  }

  protected keepNothing(refused: boolean): ChatKeeping {
    this.#writer = undefined;
    this.#keeping = { kept: false, refused };
    return this.#keeping;
  }

  protected keepAt(archive: Archive, session: string, grant: string | undefined): ChatKeeping {
    const { identity, clock, random, outbox } = this.options;
    const { side, startedAt, peer } = this.#info;
    this.#writer = new TranscriptWriter({
      head: {
        session,
        side,
        startedAt,
        author: { name: this.options.name() },
        peer: { name: peer.name, key: base64(peer.publicKey) },
      },
      identity,
      archiveKey: fromBase64(archive.archiveKey) ?? new Uint8Array(),
      clock,
      random,
      handOver: (id, envelope) =>
        outbox.put({ archive, id, envelope, ...(grant === undefined ? {} : { grant }) }),
    });
    this.#keeping = { kept: true, by: new URL(archive.relayUrl).hostname };
    return this.#keeping;
  }
}

class OperatorChat extends SessionChat {
  readonly notice: KeepingNotice;

  constructor(options: SessionArchiveOptions, info: SessionInfo) {
    super(options, info);
    const { deployment, identity, clock } = options;
    const session = info.id;
    const archive = options.place ? options.place() : ownArchive(deployment);
    if (archive === undefined) {
      this.keepNothing(false);
      this.notice = { kept: false, session };
      return;
    }
    this.keepAt(archive, session, undefined);
    const right = { session, maxBytes: GRANT_BYTES, notAfter: clock.wallTime() + GRANT_TIME };
    const grant = signArchiveGrant(identity, right, archive.deploymentId);
    this.notice = {
      kept: true,
      session,
      grant,
      ...('signature' in archive ? { choice: JSON.stringify(archive) } : {}),
    };
  }

  override follow(): ChatKeeping {
    throw new LiveletError('chat-malformed', 'the operator decides where a chat is kept');
  }
}

class CustomerChat extends SessionChat {
  override get notice(): KeepingNotice {
    throw new LiveletError('internal', 'the customer announces nothing');
  }

  override follow(value: unknown): ChatKeeping {
    if (this.keeping !== undefined) return this.keeping;
    const { kept, session, grant, choice } = readNotice(value);
    if (!kept) return this.keepNothing(false);
    try {
      const { deployment } = this.options;
      const archive = choice === undefined ? ownArchive(deployment) : parseArchiveChoice(choice, deployment);
      if (archive === undefined)
        throw new LiveletError('archive-choice-refused', 'no archive is deployed here');
      return this.keepAt(archive, session, grant);
    } catch (error) {
      this.keepNothing(true);
      throw error;
    }
  }
}

function readNotice(value: unknown): KeepingNotice {
  const { kept, session, grant, choice } = (value ?? {}) as Record<string, unknown>;
  const isText = (part: unknown, length: number): boolean =>
    part === undefined || (typeof part === 'string' && part.length <= length);
  if (
    typeof kept !== 'boolean' ||
    typeof session !== 'string' ||
    !/^[0-9a-f]{32}$/.test(session) ||
    !isText(grant, MAX_GRANT_TOKEN) ||
    !isText(choice, MAX_ARCHIVE_CHOICE)
  ) {
    throw new LiveletError('chat-malformed', 'not a notice');
  }
  return value as KeepingNotice;
}
