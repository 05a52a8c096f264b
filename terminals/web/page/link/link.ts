/**
 * The link to the bus (docs/protocol.md): it holds a connection open, makes it anew when it breaks, and brings each
 * request to its reply, by saying the same bytes again. Nothing here is of a service.
 */
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { type Position, type Refusal, Refusal_Why, ReplySchema, RequestSchema, type Reply } from "../gen/envelope_pb";
import type { Connection, EndedBy } from "./connection";
import type { LongTermKey } from "./curve";
import type { Connect } from "./wire";

type Kind = NonNullable<MessageInitShape<typeof RequestSchema>["kind"]>;

/** `since` is by this device's clock (performance.now()). */
export type LinkState =
  | { is: "connecting"; since: number }
  | { is: "open"; since: number }
  | { is: "down"; since: number; by: EndedBy; why: string } // it is tried again
  | { is: "revoked"; since: number }; // it is not

/** The bus or a service does not decide on the request: to be told as it stands. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.text);
  }
}

/** Nobody knows what became of it: the caller's patience was over before there was a reply. */
export class Unanswered extends Error {}

interface Pending {
  service: string;
  bytes: Uint8Array;
  correlation: bigint;
  silenceMs: number; // after so long it is said again
  isSaid: boolean; // over the connection that is open
  sayAt: number; // when it is to be said, or said again
  giveUpAt: number;
  pauseMs: number; // after a refusal with retry
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** What makes connections comes by itself, with the cryptography: a page has something to show before it. */
export async function loadConnection(): Promise<typeof Connection> {
  const [{ Connection }] = await Promise.all([import("./connection"), import("tweetnacl")]); // which it needs: side by side
  return Connection;
}

const TICK_MS = 100;
const PING_MS = 5_000;
const DEAD_MS = 15_000; // without an answer to a PING
const HANDSHAKE_MS = 10_000;
const SILENCE_MS = 2_000;
const RECONNECT_MS = [100, 5_000] as const;
const PAUSE_MS = [100, 5_000] as const;
const IN_FLIGHT = 30; // the bus takes 32

export class Link {
  state: LinkState = { is: "connecting", since: performance.now() };
  /** When the bus was last heard, by performance.now(); 0: never. */
  heardAt = 0;
  onState: () => void = () => undefined;
  /** Services that refuse for now, with what they say, and those that say nothing ("silent"): they are asked again. */
  readonly troubles = new Map<string, Refusal | "silent">();
  private connection: Connection | undefined;
  private readonly pending = new Map<bigint, Pending>();
  private readonly seen = new Map<string, Position>();
  private correlation = 0n;
  private pingedAt = 0; // the PING that is not answered yet; 0: none is
  private connectAt = Infinity;
  private handshakeBy = 0;
  private isBegun = false;
  private isClosed = false;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly connect: Connect,
    private readonly key: LongTermKey,
    private readonly server: Uint8Array,
  ) {
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Connects, and says what has been asked for meanwhile. To be called once; again it does nothing. */
  begin(): void {
    if (this.isBegun || this.isClosed) return;
    this.isBegun = true;
    this.open();
  }

  /** Nothing comes of it any more; what is under way is rejected. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.timer);
    this.connection?.close();
    for (const one of this.pending.values()) one.reject(new Unanswered());
    this.pending.clear();
  }

  /**
   * Says it until it is answered, or for `patienceMs`. A refusal that may pass is waited out, another is thrown.
   * `waitMs` is how long the answer may take by itself (a Fetch that waits).
   */
  request(service: string, kind: Kind, waitMs = 0, patienceMs = Infinity): Promise<Reply> {
    const correlation = ++this.correlation;
    const request = create(RequestSchema, { correlation, service, kind, seen: this.seenBy(service) });
    const bytes = toBinary(RequestSchema, request);
    const now = performance.now();
    return new Promise((resolve, reject) => {
      this.pending.set(correlation, {
        service,
        bytes,
        correlation,
        silenceMs: SILENCE_MS + waitMs,
        isSaid: false,
        sayAt: now,
        giveUpAt: now + patienceMs,
        pauseMs: PAUSE_MS[0],
        resolve,
        reject,
      });
      this.sayWhatIsDue();
    });
  }

  /** A position that was told: later requests are answered from no earlier state. */
  note(position: Position | undefined): void {
    if (position === undefined || position.stream === "" || position.stream === "bus") return;
    const before = this.seen.get(position.stream);
    if (before === undefined || position.seq >= before.seq) this.seen.set(position.stream, position);
  }

  /** The stream is not the one any more that was seen. */
  forget(stream: string): void {
    this.seen.delete(stream);
  }

  // -------------------------------------------------------------- the connection

  private open(): void {
    this.connectAt = Infinity;
    this.pingedAt = 0;
    if (this.state.is !== "down") this.become({ is: "connecting", since: performance.now() });
    // A failure to load is a failure to reach whoever serves the page.
    loadConnection().then(
      (Made) => this.connectBy(Made),
      (error: unknown) => this.lose("unreachable", String(error)),
    );
  }

  private connectBy(Made: typeof Connection): void {
    if (this.isClosed) return;
    this.handshakeBy = performance.now() + HANDSHAKE_MS;
    this.connection = new Made(this.connect, this.key, this.server, {
      open: () => {
        this.become({ is: "open", since: performance.now() });
        for (const one of this.pending.values()) Object.assign(one, { sayAt: 0, isSaid: false }); // it is lost
        this.sayWhatIsDue();
      },
      alive: () => {
        this.heardAt = performance.now();
        this.pingedAt = 0;
      },
      message: (body) => this.take(body),
      ended: (by, why) => this.lose(by, why),
    });
  }

  private lose(by: EndedBy, why: string): void {
    this.connection?.close();
    this.connection = undefined;
    const [least, most] = RECONNECT_MS;
    // A key that is not in the list may be put there at any time; that is no reason to hurry.
    const wait = by === "refused" ? most : least + Math.random() * (most - least);
    this.connectAt = performance.now() + wait;
    const since = this.state.is === "down" ? this.state.since : performance.now();
    this.become({ is: "down", since, by, why });
  }

  private become(state: LinkState): void {
    this.state = state;
    this.onState();
  }

  private tick(): void {
    const now = performance.now();
    if (this.state.is === "revoked") return;
    const connection = this.connection;
    if (connection === undefined) {
      if (now >= this.connectAt) this.open();
    } else if (!connection.isOpen) {
      if (now > this.handshakeBy) this.lose("not-the-bus", "no end of the handshake");
    } else if (this.pingedAt === 0 && now - this.heardAt >= PING_MS) {
      this.pingedAt = now;
      connection.ping();
    } else if (this.pingedAt !== 0 && now - this.pingedAt >= DEAD_MS - PING_MS) {
      this.lose("lost", "no sign of life");
    }
    this.giveUp(now);
    this.sayWhatIsDue();
  }

  // -------------------------------------------------------------- requests

  private seenBy(service: string): Position[] {
    return service === "bus" ? [] : [...this.seen.values()];
  }

  private giveUp(now: number): void {
    for (const one of this.pending.values()) {
      if (now < one.giveUpAt) continue;
      this.pending.delete(one.correlation);
      one.reject(new Unanswered());
    }
  }

  private sayWhatIsDue(): void {
    if (this.connection?.isOpen !== true) return;
    const now = performance.now();
    let inFlight = 0;
    for (const one of this.pending.values()) {
      if (++inFlight > IN_FLIGHT) return;
      if (now < one.sayAt) continue;
      if (one.isSaid && !this.troubles.has(one.service)) {
        this.troubles.set(one.service, "silent");
        this.onState();
      }
      one.sayAt = now + one.silenceMs;
      one.isSaid = true;
      this.connection.send(one.bytes);
    }
  }

  private take(body: Uint8Array): void {
    let reply: Reply;
    try {
      reply = fromBinary(ReplySchema, body);
    } catch {
      return; // it is repeated after a silence
    }
    const one = this.pending.get(reply.correlation);
    if (reply.kind.case === "refusal" && reply.kind.value.why === Refusal_Why.KEY_REVOKED) return this.beRevoked();
    if (one === undefined) return; // an answer to a repetition
    if (reply.kind.case === "refusal" && reply.kind.value.retry) {
      one.sayAt = performance.now() + one.pauseMs;
      one.isSaid = false;
      one.pauseMs = Math.min(one.pauseMs * 2, PAUSE_MS[1]);
      this.troubles.set(one.service, reply.kind.value);
      return this.onState();
    }
    this.pending.delete(reply.correlation);
    if (this.troubles.delete(one.service)) this.onState();
    if (reply.kind.case === "refusal") return one.reject(new Refused(reply.kind.value));
    if (reply.kind.case === "answer") this.note(reply.kind.value.asOf);
    one.resolve(reply);
  }

  private beRevoked(): void {
    this.connection?.close();
    this.connection = undefined;
    this.become({ is: "revoked", since: performance.now() });
    for (const one of this.pending.values()) one.reject(new Unanswered());
    this.pending.clear();
  }
}
