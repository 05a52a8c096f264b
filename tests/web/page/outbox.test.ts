// The outbox without a browser: in which order, how many together, what stops, what stays, and by which clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CommandSchema, OutcomeSchema, RefusalSchema, ReplySchema } from "page/gen/envelope_pb";
import { AnswerSchema as EvidenceAnswer, type Command as EvidenceCommandMessage, CommandSchema as EvidenceCommand } from "page/gen/evidence_pb";
import { CommandSchema as DispatchCommandSchema } from "page/gen/dispatch_pb";
import type { DecidedOfSeveral } from "page/link/act";
import { type ClockOffset, corrected, measured, stampNow } from "page/link/clock";
import { type Link, Refused, Unanswered } from "page/link/link";
import { type Entry, Outbox, type Photograph, type Store } from "page/link/outbox";
import { upload } from "page/link/upload";
import { until } from "./support/patience";

class Shelf implements Store {
  entries: Entry[] = [];
  private last = 0;
  isFull = false;
  all = async (): Promise<Entry[]> => structuredClone(this.entries);
  add = async (entry: Omit<Entry, "number">): Promise<void> => {
    if (this.isFull) throw new Error("QuotaExceededError");
    this.entries.push({ ...structuredClone(entry), number: ++this.last });
  };
  put = async (entry: Entry): Promise<void> => {
    this.entries = this.entries.map((one) => (one.number === entry.number ? structuredClone(entry) : one));
  };
  remove = async (number: number): Promise<void> => {
    this.entries = this.entries.filter((one) => one.number !== number);
  };
}

interface Said {
  service: string;
  commands: Uint8Array[];
}

/** An outbox around which a test says what services answer. */
class Bench {
  readonly shelf: Shelf;
  readonly said: Said[] = [];
  isReachable = false;
  clock: ClockOffset | undefined = { offsetMs: 0, measuredAtMs: 0 };
  answer: (said: Said) => DecidedOfSeveral[] | Error = ({ commands }) => commands.map(() => ({ is: "accepted", number: "" }));
  upload: (photograph: Photograph, told: (bytes: number) => boolean) => Promise<DecidedOfSeveral | undefined> = async () => ACCEPTED;
  readonly outbox: Outbox;
  constructor(shelf = new Shelf(), badge = "L1") {
    this.shelf = shelf;
    let before: Promise<void> = Promise.resolve();
    this.outbox = new Outbox(badge, {
      store: shelf,
      post: async (service, commands) => {
        this.said.push({ service, commands });
        const answer = this.answer({ service, commands });
        if (answer instanceof Error) throw answer;
        return answer;
      },
      upload: (photograph, told) => this.upload(photograph, told),
      isReachable: () => this.isReachable,
      clock: () => this.clock,
      alone: (act) => (before = before.then(act)),
      tellOthers: () => undefined,
    });
  }

  keep(words: string, service = "dispatch"): Promise<void> {
    return this.outbox.keep(service, words, DispatchCommandSchema, { body: { case: "callForHelp", value: { words } } });
  }

  async reach(): Promise<void> {
    this.isReachable = true;
    this.outbox.send(performance.now() + 60_000);
    await until("it has been sent", () => !this.isBusy);
  }

  private get isBusy(): boolean {
    return (this.outbox as unknown as { isSending: boolean }).isSending;
  }
}

function envelope(bytes: Uint8Array) {
  return fromBinary(CommandSchema, bytes);
}

function wordsOf(bytes: Uint8Array): string {
  const { body } = fromBinary(DispatchCommandSchema, envelope(bytes).body);
  return body.case === "callForHelp" ? body.value.words : "";
}

const ACCEPTED: DecidedOfSeveral = { is: "accepted", number: "O0001" };
const REJECTED: DecidedOfSeveral = { is: "rejected", code: "ORDER_CANCELLED", text: "cancelled", sentence: [] };
const LATER: DecidedOfSeveral = { is: "later", text: "its disk is full", sentence: [] };

test("acts go in order, at most 64 together, one service after another, and leave when they are decided", async () => {
  const bench = new Bench();
  for (let i = 0; i < 70; i++) await bench.keep(`${i}`);
  await bench.keep("70", "seizure");
  await bench.keep("71");
  assert.equal(bench.said.length, 0, "nothing is said where nobody hears");
  assert.equal(bench.outbox.waiting.length, 72);
  await bench.reach();
  assert.deepEqual(bench.said.map(({ service, commands }) => `${service} ${commands.length}`), ["dispatch 64", "dispatch 6", "seizure 1", "dispatch 1"]);
  assert.deepEqual(bench.said.flatMap(({ commands }) => commands.map(wordsOf)), Array.from({ length: 72 }, (_, i) => `${i}`));
  assert.equal(bench.shelf.entries.length, 0);
  assert.equal(bench.outbox.waiting.length, 0);
  const ids = bench.said.flatMap(({ commands }) => commands.map((bytes) => Buffer.from(envelope(bytes).id).toString("hex")));
  assert.deepEqual(ids, [...ids].sort(), "ids rise");
});

test("a request has room for what is long, too", async () => {
  const bench = new Bench();
  for (let i = 0; i < 4; i++) await bench.keep("长".repeat(5_000)); // 15 KB each
  await bench.reach();
  assert.deepEqual(bench.said.map(({ commands }) => commands.length), [3, 1]);
});

test("what cannot be decided now stops the rest, and the very same bytes are said again", async () => {
  const bench = new Bench();
  for (const words of ["a", "b", "c"]) await bench.keep(words);
  bench.answer = () => [ACCEPTED, LATER];
  await bench.reach();
  assert.deepEqual(bench.outbox.waiting.map((entry) => entry.title), ["b", "c"]);
  assert.equal(bench.outbox.waitsFor?.text, "its disk is full");
  assert.equal(bench.said.length, 1, "not at once again");
  bench.outbox.send();
  assert.equal(bench.said.length, 1, "there is a pause");
  const [, b] = bench.said[0]?.commands ?? [];
  bench.answer = ({ commands }) => commands.map(() => ACCEPTED);
  await bench.reach();
  assert.deepEqual(bench.said[1]?.commands[0], b);
  assert.equal(bench.outbox.waitsFor, undefined);
  assert.equal(bench.shelf.entries.length, 0);
});

test("what nobody has answered stays, and is said again with the same bytes after the page was closed", async () => {
  const bench = new Bench();
  await bench.keep("a");
  bench.answer = () => new Unanswered();
  await bench.reach();
  assert.equal(bench.outbox.waiting.length, 1);
  const later = new Bench(bench.shelf);
  later.clock = { offsetMs: -3_600_000, measuredAtMs: 0 }; // what the service may know does not change any more
  await later.outbox.load();
  await later.reach();
  assert.deepEqual(later.said[0]?.commands, bench.said[0]?.commands);
  assert.equal(bench.shelf.entries.length, 0);
});

test("what is rejected or refused stays until a person has dealt with it, and does not stop the rest", async () => {
  const bench = new Bench();
  for (const words of ["a", "b", "c"]) await bench.keep(words);
  bench.answer = () => [REJECTED, { is: "refused", text: "not yours", sentence: [] }, ACCEPTED];
  await bench.reach();
  assert.equal(bench.outbox.waiting.length, 0);
  assert.deepEqual(bench.outbox.failed.map((entry) => [entry.title, entry.verdict?.code, entry.verdict?.text]), [["a", "ORDER_CANCELLED", "cancelled"], ["b", "", "not yours"]]);
  await bench.reach();
  assert.equal(bench.said.length, 1, "it is not sent by itself");
  const later = new Bench(bench.shelf);
  await later.outbox.load();
  assert.equal(later.outbox.failed.length, 2, "it is there when the page is opened again");
  const [a, b] = later.outbox.failed;
  assert(a !== undefined && b !== undefined);
  await later.outbox.drop(a);
  await later.outbox.offerAgain(b);
  await later.reach();
  const [again] = later.said[0]?.commands ?? [];
  assert(again !== undefined);
  assert.equal(wordsOf(again), "b");
  assert.notEqual(Buffer.from(envelope(again).id).toString("hex"), Buffer.from(envelope(b.command).id).toString("hex"), "a new command");
  assert.equal(envelope(again).occurredAtMs, envelope(b.command).occurredAtMs, "that was done when it was done");
  assert.equal(later.shelf.entries.length, 0);
});

test("a request that is turned away as a whole is told for each of its acts", async () => {
  const bench = new Bench();
  await bench.keep("a");
  bench.answer = () => new Refused(create(RefusalSchema, { text: "no such service" }));
  await bench.reach();
  assert.equal(bench.outbox.failed[0]?.verdict?.text, "no such service");
});

test("another person's key never sends an act", async () => {
  const bench = new Bench();
  await bench.keep("a");
  const other = new Bench(bench.shelf, "L2");
  await other.outbox.load();
  await other.reach();
  assert.equal(other.said.length, 0);
  assert.deepEqual([...other.outbox.others], [["L1", 1]]);
});

test("two pages send each act once", async () => {
  const one = new Bench();
  for (const words of ["a", "b"]) await one.keep(words);
  const two = new Bench(one.shelf);
  await two.outbox.load();
  let before: Promise<void> = Promise.resolve();
  for (const bench of [one, two]) Object.assign((bench.outbox as unknown as { around: object }).around, { alone: (act: () => Promise<void>) => (before = before.then(act)) });
  await Promise.all([one.reach(), two.reach()]);
  assert.equal([...one.said, ...two.said].flatMap(({ commands }) => commands).length, 2);
});

test("an act that cannot be kept is told: nothing was done", async () => {
  const bench = new Bench();
  bench.shelf.isFull = true;
  await assert.rejects(() => bench.keep("a"), /Quota/);
  assert.equal(bench.outbox.waiting.length, 0);
});

test("an act is dated by the bus's clock, as far as that is known", async () => {
  const told = (offsetMs: number, tookMs = 10) => ({ self: {} as never, offsetMs, tookMs });
  const deviceMs = 1_000_000;
  const clock = measured(told(deviceMs - 3_600_000), undefined, deviceMs, 0);
  assert.deepEqual(clock, { offsetMs: -3_600_000, measuredAtMs: deviceMs });
  assert.equal(measured(told(deviceMs - 3_600_000 + 100), clock, deviceMs, 0), undefined, "that is no news");
  assert.equal(measured(told(0, 5_000), clock, deviceMs, 0), undefined, "too slow to say more than is known");
  assert.equal(measured(told(0, 5_000), undefined, deviceMs, 0)?.offsetMs, -deviceMs, "better than nothing");
  assert.deepEqual(stampNow(clock, deviceMs), { atMs: deviceMs - 3_600_000, offsetMs: -3_600_000, isMeasured: true });
  const blind = stampNow(undefined, deviceMs);
  assert.deepEqual(blind, { atMs: deviceMs, offsetMs: 0, isMeasured: false });
  assert.equal(corrected(blind, clock, deviceMs + 10)?.atMs, deviceMs - 3_600_000, "it was not known when it was made");
  assert.equal(corrected(stampNow(clock, deviceMs), { offsetMs: 0, measuredAtMs: 0 }, deviceMs + 10), undefined, "the clock was set right since");
  const ahead = { atMs: deviceMs + 9_000, offsetMs: 0, isMeasured: true };
  assert.equal(corrected(ahead, { offsetMs: -10_000, measuredAtMs: 0 }, deviceMs)?.atMs, deviceMs - 1_000, "it would be after now");

  const bench = new Bench();
  bench.clock = undefined;
  await bench.keep("a");
  const kept = Number(envelope(bench.shelf.entries[0]?.command ?? new Uint8Array(0)).occurredAtMs);
  assert(Math.abs(kept - Date.now()) < 5_000, "the time of the act is in the command");
  bench.clock = { offsetMs: -3_600_000, measuredAtMs: 0 };
  await bench.reach();
  const [sent] = bench.said[0]?.commands ?? [];
  assert(sent !== undefined);
  assert.equal(Number(envelope(sent).occurredAtMs), kept - 3_600_000);
});

const PICTURE: Photograph = { blob: new Blob([new Uint8Array(40_000)]), sha256: "aa", name: "a.jpg" };

function attach(bench: Bench, title: string): Promise<void> {
  return bench.outbox.keep("dispatch", title, DispatchCommandSchema, { body: { case: "attach", value: { number: title } } }, PICTURE);
}

test("a photograph goes behind all acts, makes way for one that is kept meanwhile, and its act is sent when all of it is there", async () => {
  const bench = new Bench();
  await attach(bench, "picture");
  await bench.keep("a");
  const happened: string[] = [];
  bench.answer = ({ commands }) => commands.map((bytes) => (happened.push(wordsOf(bytes) || "attached"), ACCEPTED));
  let tries = 0;
  bench.upload = async (photograph, told) => {
    assert.equal(photograph.sha256, "aa");
    happened.push(`upload ${++tries}`);
    if (tries === 1) await bench.keep("b");
    if (!told(16_384)) return undefined;
    assert.equal(bench.outbox.uploading?.bytes, 16_384);
    return ACCEPTED;
  };
  await bench.reach();
  assert.deepEqual(happened, ["a", "upload 1", "b", "upload 2", "attached"]);
  assert.equal(bench.shelf.entries.length, 0);
  assert.equal(bench.outbox.uploading, undefined);
});

test("a photograph that is cut off stays with its act; one that is refused stays with why, and lets the next one go", async () => {
  const bench = new Bench();
  await attach(bench, "one");
  await attach(bench, "two");
  bench.upload = async () => ({ is: "unknown" });
  await bench.reach();
  assert.equal(bench.said.length, 0, "nothing names what is not there");
  assert.deepEqual(bench.outbox.waiting.map((entry) => [entry.title, entry.photograph?.blob.size]), [["one", 40_000], ["two", 40_000]]);
  let isFirst = true;
  bench.upload = async () => {
    const decided = isFirst ? { ...REJECTED, code: "TYPE_REFUSED" } : ACCEPTED;
    isFirst = false;
    return decided as DecidedOfSeveral;
  };
  await bench.reach();
  assert.deepEqual(bench.outbox.failed.map((entry) => [entry.title, entry.verdict?.code]), [["one", "TYPE_REFUSED"]]);
  assert.equal(bench.said.length, 1);
  assert.equal(bench.outbox.waiting.length, 0);
});

/** What evidence answers, over a link. */
class Evidence {
  readonly got: string[] = [];
  received = 0;
  isOpen = false;
  isKept = false;
  /** A piece at this offset is rejected once, as that. */
  rejects: { offset: number; code: string } | undefined;
  cutsAt = Infinity;
  constructor(private readonly size: number) {}

  readonly link = {
    note: () => undefined,
    request: async (_service: string, kind: { case: string; value: Uint8Array }) => {
      if (kind.case === "query") return create(ReplySchema, { kind: { case: "answer", value: { body: toBinary(EvidenceAnswer, this.answer()) } } });
      const { body } = fromBinary(EvidenceCommand, envelope(kind.value).body);
      const code = this.decide(body);
      const outcome = create(OutcomeSchema, { result: code === "" ? { case: "accepted", value: {} } : { case: "rejected", value: { code } } });
      return create(ReplySchema, { kind: { case: "outcome", value: toBinary(OutcomeSchema, outcome) } });
    },
  } as unknown as Link;

  private answer() {
    const value = this.isKept ? { file: {} } : { underWay: this.isOpen, received: this.received };
    return create(EvidenceAnswer, { body: { case: "upload", value } });
  }

  private decide(body: EvidenceCommandMessage["body"]): string {
    this.got.push(body.case === "keepChunk" ? `${body.value.offset}+${body.value.content.length}` : (body.case ?? ""));
    if (body.case === "openFile") this.isOpen = true;
    if (body.case === "dropUpload") [this.isOpen, this.received] = [false, 0];
    if (body.case !== "keepChunk") return "";
    if (body.value.offset >= this.cutsAt) throw new Unanswered();
    const { rejects } = this;
    if (rejects?.offset === body.value.offset) {
      this.rejects = undefined;
      return rejects.code;
    }
    if (body.value.offset !== this.received) return "OFFSET_EXPECTED";
    this.received += body.value.content.length;
    this.isKept = this.received === this.size;
    return "";
  }
}

test("an upload goes on from where evidence is, asks again where it is elsewhere, and drops other bytes once", async () => {
  const bring = (evidence: Evidence, told: (bytes: number) => boolean = () => true) => upload(evidence.link, PICTURE, () => 0, told);
  const cut = new Evidence(40_000);
  cut.cutsAt = 16_384;
  assert.deepEqual(await bring(cut), { is: "unknown" });
  cut.cutsAt = Infinity;
  assert.equal((await bring(cut))?.is, "accepted");
  assert.deepEqual(cut.got, ["openFile", "0+16384", "16384+16384", "16384+16384", "32768+7232"]);
  assert.equal((await bring(cut))?.is, "accepted");
  assert.equal(cut.got.length, 5, "what is kept is not sent again");

  const stopped = new Evidence(40_000);
  assert.equal(await bring(stopped, (bytes) => bytes === 0), undefined);
  assert.deepEqual(stopped.got, ["openFile", "0+16384"]);

  const other = new Evidence(40_000);
  other.rejects = { offset: 16_384, code: "UPLOAD_UNKNOWN" };
  assert.equal((await bring(other))?.is, "accepted");

  const altered = new Evidence(40_000);
  altered.rejects = { offset: 32_768, code: "FILE_ALTERED" };
  assert.equal((await bring(altered))?.is, "accepted");
  assert.deepEqual(altered.got.slice(3), ["32768+7232", "dropUpload", "openFile", "0+16384", "16384+16384", "32768+7232"]);

  const refused = new Evidence(40_000);
  refused.rejects = { offset: 0, code: "TYPE_REFUSED" };
  assert.equal((await bring(refused))?.is, "rejected");
});

const isAttached = (bytes: Uint8Array): string => {
  const { body } = fromBinary(DispatchCommandSchema, envelope(bytes).body);
  return body.case === "attach" ? body.value.number : "";
};

/** Keeps a photograph of what the act with this title records. */
async function keepPhotographOf(bench: Bench, title: string): Promise<void> {
  const of = bench.outbox.list.find((entry) => entry.title === title);
  const photograph = { blob: new Blob(["photograph"]), sha256: "00", name: "image.jpg" };
  await bench.outbox.keep("seizure", `photograph of ${title}`, DispatchCommandSchema, { body: { case: "attach", value: { kind: "item", bytes: 10 } } }, photograph, of);
}

test("a photograph of what is not recorded yet is attached to the number that this gets, also after a restart", async () => {
  const bench = new Bench();
  await bench.keep("sealed", "seizure");
  await keepPhotographOf(bench, "sealed");
  const again = new Bench(bench.shelf);
  await again.outbox.load();
  again.answer = ({ commands }) => commands.map(() => ({ is: "accepted", number: "I0007" }));
  await again.reach();
  assert.deepEqual(again.said.map(({ commands }) => commands.map(isAttached)), [[""], ["I0007"]]);
  assert.equal(bench.shelf.entries.length, 0);
});

test("a photograph of what was rejected waits until a person has dealt with that: offered again, or let go", async () => {
  const bench = new Bench();
  bench.answer = () => [REJECTED];
  await bench.keep("sealed", "seizure");
  await keepPhotographOf(bench, "sealed");
  await bench.reach();
  assert.equal(bench.said.length, 1, "the photograph is not sent without a number");
  assert.deepEqual(bench.outbox.waiting.map(({ title }) => title), ["photograph of sealed"]);
  bench.answer = ({ commands }) => commands.map(() => ({ is: "accepted", number: "I0008" }));
  await bench.outbox.offerAgain(bench.outbox.failed[0] as Entry);
  await bench.reach();
  assert.equal(isAttached(bench.said.at(-1)?.commands[0] ?? new Uint8Array(0)), "I0008");

  const other = new Bench();
  other.answer = () => [REJECTED];
  await other.keep("sealed", "seizure");
  await keepPhotographOf(other, "sealed");
  await other.reach();
  await other.outbox.drop(other.outbox.failed[0] as Entry);
  assert.deepEqual(other.outbox.failed.map(({ title }) => title), ["photograph of sealed"], "it stays, and says why");
  assert.equal(other.outbox.waiting.length, 0);
});

test("a photograph whose act was decided where nobody knew of it stays, with words", async () => {
  const bench = new Bench();
  await bench.keep("sealed", "seizure");
  await keepPhotographOf(bench, "sealed");
  bench.shelf.entries = bench.shelf.entries.filter(({ title }) => title !== "sealed");
  await bench.reach();
  assert.equal(bench.said.length, 0);
  assert.equal(bench.outbox.failed.length, 1);
});

test("a photograph that waits, or is on its way, can be given up; one whose act was sent cannot", async () => {
  const bench = new Bench();
  const photograph = { blob: new Blob(["photograph"]), sha256: "00", name: "image.jpg" };
  const keep = () => bench.outbox.keep("dispatch", "photograph", DispatchCommandSchema, { body: { case: "attach", value: { kind: "order", number: "O1", bytes: 10 } } }, photograph);
  await keep();
  assert.equal(await bench.outbox.giveUp(bench.outbox.waiting[0] as Entry), true);
  assert.equal(bench.shelf.entries.length, 0);

  await keep();
  let pieces = 0;
  bench.upload = async (_, told) => {
    for (; pieces < 1_000 && told(pieces); pieces++) await new Promise((resolve) => setTimeout(resolve, 1));
    return pieces < 1_000 ? undefined : ACCEPTED;
  };
  const reached = bench.reach();
  await until("it is on its way", () => pieces > 3);
  assert.equal(await bench.outbox.giveUp(bench.outbox.waiting[0] as Entry), true);
  await reached;
  assert(pieces < 1_000, "no further piece goes out");
  assert.equal(bench.said.length, 0);
  assert.equal(bench.shelf.entries.length, 0, "it does not come back");

  await keep();
  bench.upload = async () => ACCEPTED;
  bench.answer = () => new Unanswered();
  await bench.reach();
  assert.equal(bench.said.length, 1);
  assert.equal(await bench.outbox.giveUp(bench.outbox.waiting[0] as Entry), false, "it may be recorded");
  assert.equal(bench.shelf.entries.length, 1);
});
