/** How an end puts frames on its byte stream: the relay's two ways in, or not at all. */
export type Way = 'websocket' | 'tls-tcp' | 'raw';

/** `text` is a JSON message, `frame` an end's own bytes. */
type FrameKind = 'text' | 'frame' | 'ping' | 'pong' | 'close';

interface Header {
  readonly kind: FrameKind;
  /** Bytes of the header itself. */
  readonly size: number;
  /** Bytes of the body behind it. */
  readonly length: number;
}

export interface Framing {
  /** The header at the start of `bytes`; undefined when not all of it is there. Throws on anything unknown. */
  header(bytes: Buffer): Header | undefined;
  /** A whole frame, as a client sends it. */
  wrap(kind: FrameKind, body: Uint8Array): Buffer;
}

const TCP_KINDS: readonly FrameKind[] = ['text', 'frame', 'ping', 'pong', 'close'];
const TCP_HEADER = 4;

/** kind u8 | length u24 BE | body */
const tlsTcp: Framing = {
  header: (bytes) => {
    if (bytes.length < TCP_HEADER) return undefined;
    const kind = TCP_KINDS[bytes.readUInt8(0)];
    if (kind === undefined) throw new Error(`unknown frame kind ${bytes.readUInt8(0)}`);
    return { kind, size: TCP_HEADER, length: bytes.readUIntBE(1, 3) };
  },
  wrap: (kind, body) => {
    const frame = Buffer.alloc(TCP_HEADER + body.length);
    frame.writeUInt8(TCP_KINDS.indexOf(kind), 0);
    frame.writeUIntBE(body.length, 1, 3);
    frame.set(body, TCP_HEADER);
    return frame;
  },
};

const OPCODES: ReadonlyMap<number, FrameKind> = new Map([
  [1, 'text'],
  [2, 'frame'],
  [8, 'close'],
  [9, 'ping'],
  [10, 'pong'],
]);
const FIN = 0x80;
const MASKED = 0x80;
/** Any key will do: only browsers' frames are masked against someone. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** RFC 6455, whole messages only; a client's frames are masked, so they are worth making once and sending often. */
const websocket: Framing = {
  header: (bytes) => {
    if (bytes.length < 2) return undefined;
    const opcode = bytes.readUInt8(0) & 0x0f;
    const kind = OPCODES.get(opcode);
    if (kind === undefined) throw new Error(`unknown opcode ${opcode}`);
    const length = bytes.readUInt8(1) & 0x7f;
    if (length < 126) return { kind, size: 2, length };
    if (length === 126)
      return bytes.length < 4 ? undefined : { kind, size: 4, length: bytes.readUInt16BE(2) };
    return bytes.length < 10 ? undefined : { kind, size: 10, length: Number(bytes.readBigUInt64BE(2)) };
  },
  wrap: (kind, body) => {
    const extended = body.length < 126 ? 0 : body.length < 65_536 ? 2 : 8;
    const frame = Buffer.alloc(2 + extended + MASK.length + body.length);
    const opcode = [...OPCODES].find(([, name]) => name === kind)?.[0] ?? 0;
    frame.writeUInt8(FIN | opcode, 0);
    frame.writeUInt8(MASKED | (extended === 0 ? body.length : extended === 2 ? 126 : 127), 1);
    if (extended === 2) frame.writeUInt16BE(body.length, 2);
    if (extended === 8) frame.writeBigUInt64BE(BigInt(body.length), 2);
    frame.set(MASK, 2 + extended);
    const at = 2 + extended + MASK.length;
    for (let index = 0; index < body.length; index += 1)
      frame[at + index] = (body[index] ?? 0) ^ (MASK[index % MASK.length] ?? 0);
    return frame;
  },
};

/** What arrives together is one frame. */
const raw: Framing = {
  header: ({ length }) => (length === 0 ? undefined : { kind: 'frame', size: 0, length }),
  wrap: (_kind, body) => Buffer.from(body),
};

export const FRAMINGS: Readonly<Record<Way, Framing>> = { websocket, 'tls-tcp': tlsTcp, raw };
