/**
 * The client's half of ZMTP 3.1 with CURVE (ZeroMQ RFC 23, 26), as frames in and frames out: no socket, no clock.
 * The greeting is not in it: over WebSocket (RFC 45) there is none, and lianqin-web says it to the bus.
 *
 * Whoever changes a byte on the way ends the connection: every fault is thrown as a CurveFault, and nothing is
 * taken after one.
 */
import nacl from "tweetnacl";
import { ascii, concat, readU64, startsWith, u64 } from "./bytes";

/** A frame of ZMTP. Only commands of the handshake are marked as such on the wire: boxes travel as messages. */
export interface Frame {
  command: boolean;
  more: boolean;
  body: Uint8Array;
}

/** A key pair whose secret half need not be in reach: it is asked for one agreement a handshake. */
export interface LongTermKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519 with another public key: the 32 bytes that both have. */
  agree(publicKey: Uint8Array): Promise<Uint8Array>;
}

/** The bus does not admit the key ("refused"); somebody does not keep to the protocol, or changed something. */
export class CurveFault extends Error {
  constructor(
    readonly why: "refused" | "broken",
    message: string,
  ) {
    super(message);
  }
}

export type Heard =
  | { is: "handshake"; say: Frame }
  | { is: "open" }
  | { is: "message"; body: Uint8Array }
  | { is: "alive" };

/** How far the handshake is: what is awaited. "open" is after it. */
export type Stage = "greet" | "welcome" | "ready" | "open" | "ended";

const MORE = 1;
const COMMAND = 2; // of what is in a box
const HEAD = 16; // "\x07MESSAGE" and the nonce, before the box
const WELCOME = ascii("\x07WELCOME");
const READY = ascii("\x05READY");
const ERROR = ascii("\x05ERROR");
const MESSAGE = ascii("\x07MESSAGE");
const PING = ascii("\x04PING");
const DEALER = concat(ascii("\x0bSocket-Type"), Uint8Array.of(0, 0, 0, 6), ascii("DEALER"));

// tweetnacl has it, and its types do not say so.
const { lowlevel } = nacl as unknown as {
  lowlevel: { crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, sigma: Uint8Array): void };
};

/** What nacl.box makes of an agreement before it uses it: HSalsa20 of it. */
function boxKey(agreed: Uint8Array): Uint8Array {
  const key = new Uint8Array(32);
  lowlevel.crypto_core_hsalsa20(key, new Uint8Array(16), agreed, ascii("expand 32-byte k"));
  return key;
}

export class CurveClient {
  stage: Stage = "greet";
  private shared: Uint8Array = new Uint8Array(32);
  private said = 0n;
  private heard = 0n;

  /**
   * `server` is the bus's long-term public key: whoever has not its secret half gets nothing but HELLO. `short` is the
   * key pair of this connection, another for each.
   */
  constructor(
    private readonly key: LongTermKey,
    private readonly server: Uint8Array,
    private readonly short = nacl.box.keyPair(),
  ) {}

  hello(): Frame {
    this.stage = "welcome";
    const [nonce, rest] = this.nextNonce("CurveZMQHELLO---");
    const box = nacl.box(new Uint8Array(64), nonce, this.server, this.short.secretKey);
    const head = concat(ascii("\x05HELLO"), Uint8Array.of(1, 0), new Uint8Array(72));
    return { command: true, more: false, body: concat(head, this.short.publicKey, rest, box) };
  }

  /** Takes the next frame. What it gives as `say` is to be sent before the next is taken. */
  async take(frame: Frame): Promise<Heard> {
    const stage = this.stage;
    this.stage = "ended"; // unless all is well
    const heard = await this.takeAt(stage, frame);
    this.stage = heard.is === "handshake" ? "ready" : "open";
    return heard;
  }

  message(body: Uint8Array): Frame {
    return this.seal(0, body);
  }

  ping(): Frame {
    return this.seal(COMMAND, concat(PING, Uint8Array.of(0, 0))); // no time to live: the bus keeps none
  }

  // -------------------------------------------------------------- the handshake

  private async takeAt(stage: Stage, frame: Frame): Promise<Heard> {
    if (stage === "open") return this.open(frame);
    if (!frame.command || frame.more) throw new CurveFault("broken", "a message within the handshake");
    if (startsWith(frame.body, ERROR)) throw takeError(frame.body);
    if (stage === "welcome") return { is: "handshake", say: await this.takeWelcome(frame.body) };
    if (stage === "ready") return this.takeReady(frame.body);
    throw new CurveFault("broken", "a frame out of turn");
  }

  private async takeWelcome(body: Uint8Array): Promise<Frame> {
    if (body.length !== 168 || !startsWith(body, WELCOME)) throw new CurveFault("broken", "no WELCOME");
    const nonce = concat(ascii("WELCOME-"), body.subarray(8, 24));
    const plain = nacl.box.open(body.subarray(24), nonce, this.server, this.short.secretKey);
    if (plain === null) throw new CurveFault("broken", "WELCOME is not the bus's");
    const shortServer = plain.slice(0, 32);
    this.shared = nacl.box.before(shortServer, this.short.secretKey);
    return this.initiate(shortServer, plain.slice(32));
  }

  // The vouch: that the key of this connection is that of the long-term key's owner, told to this bus.
  private async initiate(shortServer: Uint8Array, cookie: Uint8Array): Promise<Frame> {
    const vouchNonce = nacl.randomBytes(16);
    const vouched = concat(this.short.publicKey, this.server);
    const vouchKey = boxKey(await this.key.agree(shortServer));
    const vouch = nacl.secretbox(vouched, concat(ascii("VOUCH---"), vouchNonce), vouchKey);
    const [nonce, rest] = this.nextNonce("CurveZMQINITIATE");
    const plain = concat(this.key.publicKey, vouchNonce, vouch, DEALER);
    const box = nacl.box.after(plain, nonce, this.shared);
    return { command: true, more: false, body: concat(ascii("\x08INITIATE"), cookie, rest, box) };
  }

  private takeReady(body: Uint8Array): Heard {
    if (body.length < 14 + 16 || !startsWith(body, READY)) throw new CurveFault("broken", "no READY");
    const nonce = this.takeNonce("CurveZMQREADY---", body.subarray(6, 14));
    const metadata = nacl.box.open.after(body.subarray(14), nonce, this.shared);
    if (metadata === null) throw new CurveFault("broken", "READY is not the bus's");
    return { is: "open" };
  }

  // -------------------------------------------------------------- messages

  private open(frame: Frame): Heard {
    const { body } = frame;
    if (frame.command || frame.more || body.length < HEAD + 17 || !startsWith(body, MESSAGE)) {
      throw new CurveFault("broken", "no MESSAGE");
    }
    const nonce = this.takeNonce("CurveZMQMESSAGES", body.subarray(8, HEAD));
    const plain = nacl.box.open.after(body.subarray(HEAD), nonce, this.shared);
    if (plain === null) throw new CurveFault("broken", "a message was changed on the way");
    const flags = plain[0] ?? 0;
    if ((flags & COMMAND) !== 0) return { is: "alive" };
    if ((flags & MORE) !== 0) throw new CurveFault("broken", "a message of several frames");
    return { is: "message", body: plain.subarray(1) };
  }

  private seal(flags: number, body: Uint8Array): Frame {
    const [nonce, rest] = this.nextNonce("CurveZMQMESSAGEC");
    const box = nacl.box.after(concat(Uint8Array.of(flags), body), nonce, this.shared);
    return { command: false, more: false, body: concat(MESSAGE, rest, box) };
  }

  private nextNonce(text: string): [nonce: Uint8Array, rest: Uint8Array] {
    const rest = u64(++this.said);
    return [concat(ascii(text), rest), rest];
  }

  // A nonce that does not rise is of a frame that was sent again.
  private takeNonce(text: string, rest: Uint8Array): Uint8Array {
    const value = readU64(rest);
    if (value <= this.heard) throw new CurveFault("broken", "a frame was sent twice");
    this.heard = value;
    return concat(ascii(text), rest);
  }
}

// "\x05ERROR", the length of the reason, the reason. The bus has one reason: "400", a key that is not in its list.
function takeError(body: Uint8Array): CurveFault {
  const reason = String.fromCharCode(...body.subarray(7));
  const well = body.length >= 7 && body[6] === body.length - 7;
  return new CurveFault(well && reason === "400" ? "refused" : "broken", `the bus says ERROR ${reason}`);
}
