/** Handing over the desk (交接班), decision 0034: what the terminal adds to a list that is frozen, and what a frozen list lacks. */
import { create } from "@bufbuild/protobuf";
import { type FreezeHandover, FreezeHandoverSchema, type HandoverList } from "../gen/dispatch_pb";
import { AnswerSchema as ShiftAnswerSchema, QuerySchema as ShiftQuerySchema, type RollCall } from "../gen/shift_pb";
import { ask } from "../link/ask";
import type { Link } from "../link/link";
import type { Desk } from "./desk";
import { isCounted } from "./terms";

// As `lq shift handover freeze` has them.
const TERMS_MOST = 200;
const SERVICES_MOST = 16;
const SHIFT_HOURS = 13;

/** The terms of other services that end in the coming shift or are over, and how far their streams had been read. */
export function freezeOf(desk: Desk, nowMs: number, notes: string): FreezeHandover {
  const untilMs = nowMs + SHIFT_HOURS * 3_600_000;
  const others = [...desk.terms].filter(([service]) => service !== "dispatch");
  const terms = others
    .flatMap(([service, table]) => table.values().filter((clock) => isCounted(clock) && Number(clock.dueMs) <= untilMs).map((clock) => ({ service, clock })))
    .sort((a, b) => Number(a.clock.dueMs - b.clock.dueMs))
    .slice(0, TERMS_MOST)
    .map(({ service, clock: { kind, number, rule, dueMs } }) => ({ service, kind, number, rule, dueMs }));
  const positions = [...desk.terms.keys()].slice(0, SERVICES_MOST).map((service) => ({ service, sequence: desk.positions.get(service) ?? 0n }));
  return create(FreezeHandoverSchema, { terms, positions, notes });
}

export interface Difference {
  number: string;
  how: "new" | "gone" | "changed";
}

function byNumber(list: HandoverList): Map<string, string> {
  const rows = [...list.orders, ...list.calls].map((row): [string, string] => [row.number, JSON.stringify(row)]);
  return new Map(rows);
}

/** What is open now and is not what was frozen. */
export function differences(frozen: HandoverList, now: HandoverList): Difference[] {
  const [before, after] = [byNumber(frozen), byNumber(now)];
  const all: Difference[] = [];
  for (const [number, row] of after) {
    if (!before.has(number)) all.push({ number, how: "new" });
    else if (before.get(number) !== row) all.push({ number, how: "changed" });
  }
  for (const number of before.keys()) if (!after.has(number)) all.push({ number, how: "gone" });
  return all;
}

/** The roll calls of a shift. */
export async function askRolls(link: Link, shift: string): Promise<RollCall[]> {
  const rolls: RollCall[] = [];
  for (let after = "", more = true; more; ) {
    const query = { body: { case: "rolls" as const, value: { shift, after, limit: 200 } } };
    const { answer } = await ask(link, "shift", ShiftQuerySchema, query, ShiftAnswerSchema);
    const page = answer.body.case === "rolls" ? answer.body.value : undefined;
    rolls.push(...(page?.rolls ?? []));
    after = page?.rolls.at(-1)?.number ?? "";
    more = page?.more === true && after !== "";
  }
  return rolls;
}
