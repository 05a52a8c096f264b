/**
 * Acts that are kept until there is a way to send them: each as the very bytes of its command, so that it takes effect
 * once however often it is sent. They go in the order in which they were made, and an act leaves only when it is decided.
 * An act that attaches a photograph has it with it, and goes behind all others: on a thin line it may take minutes, and
 * nothing rests on it.
 */
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { CommandSchema as DispatchCommandSchema } from "../gen/dispatch_pb";
import { CommandSchema, type Position } from "../gen/envelope_pb";
import { type DecidedOfSeveral, makeCommand } from "./act";
import { type ClockOffset, corrected, type Stamp, stampNow } from "./clock";
import { hex } from "./bytes";
import { onShelf } from "./database";
import { Refused, Unanswered } from "./link";
import { uuid7 } from "./uuid";
import { tr } from "../words";

/** It is with the act until its service has accepted that. */
export interface Photograph {
  blob: Blob;
  sha256: string;
  name: string;
}

export interface Entry extends Stamp {
  number: number; // rises in the order in which acts were made, whatever the clock says
  badge: string; // whose act it is: another's key never sends it
  service: string;
  title: string; // what a person reads of it
  command: Uint8Array;
  photograph?: Photograph | undefined; // what it attaches: evidence is to have it first
  /** The id of the act that records the thing which it is attached to; it waits for the number that this gets. */
  awaits?: string | undefined;
  isTried: boolean; // the service may know it: its bytes do not change any more
  /** It was not accepted, and stays until a person has dealt with it. */
  verdict: Verdict | undefined;
}

export interface Verdict {
  code: string; // "" where it was refused, and not rejected by the rules
  text: string;
  sentence: string[];
}

/** An act that was accepted: what it does to the card is not drawn before its record has come. */
export interface Accepted {
  entry: Entry;
  number: string; // official, of what it made or changed
  position: Position | undefined;
  untilMs: number; // by performance.now(): its record is waited for no longer
}

/** Where they are kept. A change has happened, durably, when its promise is resolved. */
export interface Store {
  all(): Promise<Entry[]>; // in the order of their numbers
  add(entry: Omit<Entry, "number">): Promise<unknown>;
  put(entry: Entry): Promise<unknown>;
  remove(number: number): Promise<unknown>;
}

export const browserStore: Store = {
  all: () => onShelf("outbox", "readonly", (store) => store.getAll() as IDBRequest<Entry[]>),
  add: (entry) => onShelf("outbox", "readwrite", (store) => store.add(entry)),
  put: (entry) => onShelf("outbox", "readwrite", (store) => store.put(entry)),
  remove: (number) => onShelf("outbox", "readwrite", (store) => store.delete(number)),
};

/** What the outbox needs of what is around it. */
export interface Around {
  store: Store;
  /** Says commands to a service: decideSeveral. */
  post(service: string, commands: Uint8Array[]): Promise<DecidedOfSeveral[]>;
  /**
   * Brings a photograph to evidence; accepted: all of it is there. `told` hears how many bytes are, and says whether to go
   * on; undefined: it was not to.
   */
  upload(photograph: Photograph, told: (bytes: number) => boolean): Promise<DecidedOfSeveral | undefined>;
  isReachable(): boolean;
  clock(): ClockOffset | undefined;
  /** One page of this browser at a time. */
  alone(act: () => Promise<void>): Promise<void>;
  /** Tells other pages of this browser that something has changed. */
  tellOthers(): void;
}

/** What an act is known by: the id of its command. */
function idOf({ command }: Entry): string {
  return hex(fromBinary(CommandSchema, command).id);
}

// Attaching has one number in the commands of all services (docs/protocol.md, section 3).
function attachedTo(bytes: Uint8Array, number: string): Uint8Array {
  const command = fromBinary(CommandSchema, bytes);
  const { body } = fromBinary(DispatchCommandSchema, command.body);
  if (body.case !== "attach") throw new Error("only what attaches waits for a number");
  body.value.number = number;
  return toBinary(CommandSchema, { ...command, body: toBinary(DispatchCommandSchema, create(DispatchCommandSchema, { body })) });
}

const TOGETHER_MOST = 64; // docs/protocol.md, section 4
const BYTES_MOST = 32 * 1024; // of those before the last: a request has 64 KiB
const PAUSE_MS = [1_000, 30_000] as const;
const SHOWN_MS = 60_000; // an accepted act waits so long for its record

export class Outbox {
  /** Of this badge, in the order in which they were made. */
  list: Entry[] = [];
  /** How many of other badges are kept in this browser, by badge. */
  others = new Map<string, number>();
  accepted: Accepted[] = [];
  /** Why the first one that waits was not decided, when it was sent last. */
  waitsFor: Omit<Verdict, "code"> | undefined;
  /** Of the act whose photograph is on its way: how many of its bytes evidence has. */
  uploading: { number: number; bytes: number } | undefined;
  onChange: () => void = () => undefined;
  private readonly givenUp = new Set<number>(); // what is on its way does not come back
  private readonly tried = new Set<number>();
  private isSending = false;
  private nextAt = 0; // by performance.now()
  private pauseMs: number = PAUSE_MS[0];

  /** `badge`: whose acts these are. */
  constructor(
    public badge: string,
    private readonly around: Around,
  ) {}

  /** Reads what is kept; also called when another page has changed it. */
  async load(): Promise<void> {
    const all = await this.around.store.all();
    this.list = all.filter((entry) => entry.badge === this.badge);
    this.others = new Map();
    for (const { badge } of all) if (badge !== this.badge) this.others.set(badge, (this.others.get(badge) ?? 0) + 1);
    this.onChange();
  }

  /** Those that are not sent yet, or not decided. */
  get waiting(): Entry[] {
    return this.list.filter((entry) => entry.verdict === undefined);
  }

  get failed(): Entry[] {
    return this.list.filter((entry) => entry.verdict !== undefined);
  }

  /** Keeps an act, as done now. It is durable when this is over; it is sent as soon as it can be. */
  async keep<C extends DescMessage>(service: string, title: string, schema: C, command: MessageInitShape<C>, photograph?: Photograph, awaits?: Entry): Promise<void> {
    const stamp = stampNow(this.around.clock());
    const bytes = makeCommand(stamp.atMs, schema, command, undefined, stamp.atMs);
    await this.around.store.add({ ...stamp, badge: this.badge, service, title, command: bytes, photograph, awaits: awaits && idOf(awaits), isTried: false, verdict: undefined });
    await this.changed();
    this.nextAt = 0;
    this.send();
  }

  /** A person has read why, and lets it go. What was to be attached to it has nothing to be attached to. */
  async drop(entry: Entry): Promise<void> {
    for (const one of this.awaiting(entry)) await this.endAwaiting(one);
    await this.around.store.remove(entry.number);
    await this.changed();
  }

  /** A photograph that waits is not wanted any more: it never was a record. False: its act may be one by now. */
  async giveUp(entry: Entry): Promise<boolean> {
    if (entry.photograph === undefined || entry.isTried || this.tried.has(entry.number)) return false;
    this.givenUp.add(entry.number);
    await this.drop(entry);
    return true;
  }

  /** The same act as a new command, behind the others: what was said about the old one stands for ever. */
  async offerAgain(entry: Entry): Promise<void> {
    const command = create(CommandSchema, { ...fromBinary(CommandSchema, entry.command), id: uuid7(stampNow(this.around.clock()).atMs) });
    const { number, ...rest } = entry;
    await this.around.store.add({ ...rest, command: toBinary(CommandSchema, command), isTried: false, verdict: undefined });
    for (const one of this.awaiting(entry)) await this.around.store.put({ ...one, awaits: hex(command.id) });
    await this.around.store.remove(number);
    await this.changed();
    this.send();
  }

  /** Sends what waits, if it may; called whenever that may have become possible, and each second. */
  send(nowMs = performance.now()): void {
    this.accepted = this.accepted.filter(({ untilMs }) => nowMs < untilMs);
    if (this.isSending || nowMs < this.nextAt || this.waiting.length === 0 || !this.around.isReachable()) return;
    this.isSending = true;
    void this.around
      .alone(() => this.sendAll())
      .catch((error: unknown) => this.pause({ text: String(error), sentence: [] }))
      .finally(() => {
        this.isSending = false;
        this.onChange();
      });
  }

  // -------------------------------------------------------------- sending

  private async changed(): Promise<void> {
    this.around.tellOthers();
    await this.load();
  }

  private pause(why: Omit<Verdict, "code"> | undefined): void {
    this.waitsFor = why;
    this.nextAt = performance.now() + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, PAUSE_MS[1]);
  }

  // What cannot be decided now stops the rest: what stands behind may rest on it.
  private async sendAll(): Promise<void> {
    await this.load();
    await this.endOrphans();
    for (let together = this.together(); together.length > 0; together = this.together()) {
      if (!this.around.isReachable()) return;
      const brought = await this.bring(together);
      if (brought === "later" || (brought === "there" && !(await this.sendTogether(together)))) return;
      this.waitsFor = undefined;
      this.pauseMs = PAUSE_MS[0];
      await this.changed();
    }
  }

  /** How many of them, from the first on, go to one service in one request; one that attaches a photograph goes alone. */
  private together(): Entry[] {
    const waiting = this.waiting.filter((entry) => entry.photograph === undefined);
    if (waiting.length === 0) return this.waiting.filter((entry) => entry.awaits === undefined).slice(0, 1);
    let [count, bytes] = [0, 0];
    for (const entry of waiting) {
      if (count === TOGETHER_MOST || bytes >= BYTES_MOST || entry.service !== waiting[0]?.service) break;
      bytes += entry.command.length;
      count++;
    }
    return waiting.slice(0, count);
  }

  private awaiting(entry: Entry): Entry[] {
    return this.list.filter(({ awaits }) => awaits !== undefined && awaits === idOf(entry));
  }

  private async endAwaiting(entry: Entry): Promise<void> {
    const text = tr("What it was to be attached to is not kept here any more. If it was recorded, attach the photograph to its number.");
    await this.around.store.put({ ...entry, verdict: { code: "", text, sentence: [] } });
  }

  // What they wait for was decided where nobody knew of them: in another page, at that moment.
  private async endOrphans(): Promise<void> {
    const ids = new Set(this.list.map(idOf));
    const orphans = this.waiting.filter(({ awaits }) => awaits !== undefined && !ids.has(awaits));
    for (const one of orphans) await this.endAwaiting(one);
    if (orphans.length > 0) await this.changed();
  }

  private isWaiting(number: number): boolean {
    return !this.givenUp.has(number) && this.waiting.some((one) => one.number === number);
  }

  /** Where they attach a photograph: that evidence has it. "not there": something goes before it, or it was not accepted. */
  private async bring([entry]: Entry[]): Promise<"there" | "not there" | "later"> {
    if (entry?.photograph === undefined) return "there";
    const { number, photograph } = entry;
    try {
      const decided = await this.around.upload(photograph, (bytes) => {
        this.uploading = { number, bytes };
        this.onChange();
        return this.around.isReachable() && this.isWaiting(number) && this.waiting.every((one) => one.photograph !== undefined);
      });
      if (!this.isWaiting(number)) return "not there";
      if (decided?.is === "accepted") return "there";
      if (decided?.is === "unknown" || decided?.is === "later") {
        await this.stop(decided.is === "later" ? decided : undefined);
        return "later";
      }
      if (decided !== undefined) await this.take(entry, decided);
      return "not there";
    } finally {
      this.uploading = undefined;
    }
  }

  /** False: one of them is to be sent again later. */
  private async sendTogether(entries: Entry[]): Promise<boolean> {
    for (const entry of entries) await this.noteTry(entry);
    let decided: DecidedOfSeveral[];
    try {
      decided = await this.around.post(entries[0]?.service ?? "", entries.map((entry) => entry.command));
    } catch (error) {
      if (error instanceof Unanswered) return this.stop(undefined);
      if (!(error instanceof Refused)) throw error;
      const { text, sentence } = error.refusal;
      decided = entries.map(() => ({ is: "refused", text, sentence }));
    }
    for (const [i, entry] of entries.entries()) {
      const one = decided[i] ?? { is: "unknown" };
      if (one.is === "unknown") return this.stop(undefined);
      if (one.is === "later") return this.stop(one);
      await this.take(entry, one);
    }
    return true;
  }

  private async stop(why: Omit<Verdict, "code"> | undefined): Promise<false> {
    this.pause(why);
    await this.changed();
    return false;
  }

  // Before it goes out: from here on the service may know it.
  private async noteTry(entry: Entry): Promise<void> {
    if (entry.isTried) return;
    const right = corrected(entry, this.around.clock());
    if (right !== undefined) {
      const command = create(CommandSchema, { ...fromBinary(CommandSchema, entry.command), occurredAtMs: BigInt(Math.floor(right.atMs)) });
      Object.assign(entry, right, { command: toBinary(CommandSchema, command) });
    }
    entry.isTried = true;
    this.tried.add(entry.number);
    await this.around.store.put(entry);
  }

  // Accepted is durable at the service: only then does it leave.
  private async take(entry: Entry, decided: Exclude<DecidedOfSeveral, { is: "later" | "unknown" }>): Promise<void> {
    if (decided.is === "accepted") {
      const { number, position } = decided;
      this.accepted = [...this.accepted, { entry, number, position, untilMs: performance.now() + SHOWN_MS }];
      for (const one of this.awaiting(entry)) await this.around.store.put({ ...one, command: attachedTo(one.command, number), awaits: undefined });
      await this.around.store.remove(entry.number);
      return;
    }
    const { text, sentence } = decided;
    entry.verdict = { code: decided.is === "rejected" ? decided.code : "", text, sentence };
    await this.around.store.put(entry);
  }
}
