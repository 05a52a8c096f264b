// The lists that the page keeps by events are, after each act, those that the service tells.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type DescMessage, type MessageShape, toJson } from "@bufbuild/protobuf";
import { CallSchema, EventSchema, OrderSchema } from "page/gen/dispatch_pb";
import { ClockSchema } from "page/gen/rules_pb";
import { fetchEvents } from "page/link/ask";
import { type Dispatch, foldDispatch } from "page/state/dispatch";
import { askDispatch, askTerms } from "page/state/lists";
import { foldTerms, type Terms, Titles } from "page/state/terms";
import { linkOf, lq } from "./support/system";

const link = linkOf("D1");
after(() => link.close());

const desk = (...rest: string[]): string[] => ["order", ...rest, "--as", "D1"];
const lead = (...rest: string[]): string[] => ["order", ...rest, "--as", "L1"];
const issue = (number: string, ...teams: string[]): string[] =>
  desk("issue", "--kind", "raid", "--target", "E0001", "--number", number, "--instructions", "查封", ...teams.flatMap((team) => ["--team", team]));
const forL2 = ["--for", "L2", "--reason", "电话"];

// One act after another, with every event of dispatch that changes one of the lists.
const ACTS: readonly (readonly string[])[] = [
  issue("O0001", "T01", "T02"),
  ["dispatch", "mark-seen", "--order", "O0001", "--team", "T01", "--as", "L1"],
  ["dispatch", "mark-seen", "--order", "O0001", "--team", "T01", "--read", "--as", "L1"],
  lead("ack", "O0001", "--said", "收到"),
  desk("ack", "O0001", "T02", ...forL2),
  lead("depart", "O0001"),
  lead("arrive", "O0001"),
  desk("amend", "O0001", "--priority", "flash", "--instructions", "封熔炼炉", "--why", "情况有变"),
  lead("help", "O0001", "--said", "有人阻拦"),
  ["call", "assign", "Q0001", "--related", "O0001", "--as", "D1"],
  ["call", "open", "--premises", "E0002", "--what", "冒黑烟", "--priority", "urgent", "--as", "D1"],
  ["call", "open", "--premises", "E0001", "--what", "噪声", "--priority", "routine", "--as", "D1"],
  ["call", "dismiss", "Q0002", "--note", "误报", "--as", "D1"],
  desk("join", "O0001", "T01", "M1"),
  desk("join", "O0001", "T01", "L1"),
  ["void", "participant", "O0001/M1", "--reason", "记错", "--as", "D1"],
  desk("crew", "O0001", "T01", "--vehicles", "2"),
  desk("withdraw", "O0001", "T02", "--why", "另有任务"),
  issue("O0002", "T02"),
  desk("decline", "O0002", "T02", "--why", "车辆故障", ...forL2),
  issue("O0003", "T02"),
  ["correct", "order", "O0003", "vehicles=3", "--was", "0", "--reason", "漏记", "--as", "D1"],
  ["correct", "assignment", "O0002/T02", "decline_reason=车坏了", "--was", "车辆故障", "--reason", "记错", "--as", "D1"],
  ["void", "order", "O0003", "--reason", "重复", "--as", "D1"],
  desk("cancel", "O0002", "--why", "改日"),
  lead("finish", "O0001"),
  desk("reopen", "O0001", "--team", "T02", "--why", "复查"),
  desk("ack", "O0001", "T02", ...forL2),
  issue("O0004", "T01"),
  ["order", "add", "O0004", "T02", "--relieves", "T01", "--why", "换班", "--override", "--as", "C1", "--reason", "人手不足"],
  desk("issue", "--kind", "check", "--target", "E0002", "--team", "T01", "--number", "O0005", "--priority", "flash"),
];

interface Kept {
  dispatch: Dispatch;
  terms: Terms;
  after: bigint;
}

async function askAll(): Promise<Kept> {
  const { state, asOf } = await askDispatch(link);
  const terms = await askTerms(link, "dispatch", new Titles());
  return { dispatch: state, terms: terms.state, after: asOf.seq < terms.asOf.seq ? asOf.seq : terms.asOf.seq };
}

/** Applies what has happened since; false: the lists are to be asked for, unless that is passed over. */
async function catchUp(kept: Kept, passOver = false): Promise<boolean> {
  for (;;) {
    const { events } = await fetchEvents(link, "dispatch", kept.after, new Uint8Array(0), 0);
    for (const event of events.events) {
      foldTerms(kept.terms, event);
      if (foldDispatch(kept.dispatch, event) === undefined && !passOver) return false;
    }
    kept.after = events.nextAfter;
    if (events.nextAfter >= events.tip) return true;
  }
}

function asJson<S extends DescMessage>(schema: S, values: MessageShape<S>[]): string[] {
  return values.map((value) => JSON.stringify(toJson(schema, value), null, 1)).sort();
}

function compare(kept: Kept, told: Kept, what: string): void {
  assert.deepEqual(asJson(OrderSchema, kept.dispatch.orders.values()), asJson(OrderSchema, told.dispatch.orders.values()), `orders after ${what}`);
  assert.deepEqual(asJson(CallSchema, kept.dispatch.calls.values()), asJson(CallSchema, told.dispatch.calls.values()), `calls after ${what}`);
  assert.deepEqual(asJson(ClockSchema, kept.terms.values()), asJson(ClockSchema, told.terms.values()), `terms after ${what}`);
}

test("fold(query + events) = later query, after each act", async () => {
  let kept = await askAll();
  const early = await askAll();
  let askedAgain = 0;
  for (const act of ACTS) {
    lq(...act);
    if (!(await catchUp(kept))) {
      kept = await askAll();
      askedAgain++;
    }
    compare(kept, await askAll(), act.join(" "));
  }
  // A minute after a flash order that nobody answers its term rings.
  const rungs = (): number => kept.terms.values().flatMap((clock) => clock.marks).filter((mark) => mark.rung).length;
  const before = rungs();
  for (let s = 0; s < 80 && rungs() === before; s++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert(await catchUp(kept));
  }
  assert(rungs() > before, "a mark has rung");
  compare(kept, await askAll(), "a mark has rung");
  assert.equal(askedAgain, 1, "only an order that was not in the list and is open again makes the page ask");
  // Events that are told although their effects are in the lists change nothing.
  const again = { ...(await askAll()), after: 0n };
  await catchUp(again, true);
  compare(again, await askAll(), "all events again");
  assert.equal(await catchUp(early), false);
});

test("what this page does not know makes it ask again", () => {
  const event = { $typeName: "lq.Event" as const, seq: 1n, recordedAtMs: 0n, occurredAtMs: 0n, actor: "", onBehalfOf: "", reason: "" };
  const unknown = Uint8Array.of(0xca, 0x3e, 2, 8, 1); // member 1001
  assert.equal(EventSchema.fields.some((field) => field.number === 1001), false);
  assert.equal(foldDispatch({ orders: undefined as never, calls: undefined as never }, { ...event, body: unknown }), undefined);
});
