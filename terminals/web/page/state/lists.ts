/** Lists of services, asked for page by page. */
import type { Position } from "../gen/envelope_pb";
import { AnswerSchema, QuerySchema } from "../gen/dispatch_pb";
import { AnswerSchema as ShiftAnswerSchema, type OnDutyAnswer, type Person, QuerySchema as ShiftQuerySchema } from "../gen/shift_pb";
import { ask } from "../link/ask";
import { type Link } from "../link/link";
import { type Dispatch, emptyDispatch } from "./dispatch";
import { Table } from "./table";
import { asRecorded, type Terms, termKey, type Titles } from "./terms";

const PAGE = 200;

/** The earlier of two positions of a stream. */
export function earlier(a: Position | undefined, b: Position | undefined): Position {
  if (a === undefined || b === undefined) {
    const one = a ?? b;
    if (one === undefined) throw new Error("an answer without a position");
    return one;
  }
  return a.seq <= b.seq ? a : b;
}

/** `team`: only those that it is on; "": all. */
async function askOrders(link: Link, into: Dispatch, team = ""): Promise<Position> {
  let asOf: Position | undefined;
  for (let before = "", more = true; more; ) {
    const query = { body: { case: "list" as const, value: { team, open: true, before, limit: PAGE } } };
    const told = await ask(link, "dispatch", QuerySchema, query, AnswerSchema);
    const page = told.answer.body.case === "orders" ? told.answer.body.value : undefined;
    asOf = earlier(asOf, told.asOf);
    for (const order of page?.orders ?? []) into.orders.put(order.number, told.asOf?.seq ?? 0n, order);
    more = page?.more === true && page.nextBefore !== before;
    before = page?.nextBefore ?? "";
  }
  return earlier(asOf, undefined);
}

async function askCalls(link: Link, into: Dispatch): Promise<Position> {
  let asOf: Position | undefined;
  for (let after = "", more = true; more; ) {
    const query = { body: { case: "calls" as const, value: { open: true, after, limit: PAGE } } };
    const told = await ask(link, "dispatch", QuerySchema, query, AnswerSchema);
    const page = told.answer.body.case === "calls" ? told.answer.body.value : undefined;
    asOf = earlier(asOf, told.asOf);
    for (const call of page?.calls ?? []) into.calls.put(call.number, told.asOf?.seq ?? 0n, call);
    after = page?.calls.at(-1)?.number ?? "";
    more = page?.more === true && after !== "";
  }
  return earlier(asOf, undefined);
}

/** The open orders and the calls that wait, and the earliest position that one of the lists is as of. */
export async function askDispatch(link: Link): Promise<{ state: Dispatch; asOf: Position }> {
  const state = emptyDispatch();
  const [orders, calls] = await Promise.all([askOrders(link, state), askCalls(link, state)]);
  return { state, asOf: earlier(orders, calls) };
}

/** The open orders that a team is on. */
export async function askOrdersOf(link: Link, team: string): Promise<{ state: Dispatch; asOf: Position }> {
  const state = emptyDispatch();
  return { state, asOf: await askOrders(link, state, team) };
}

/** The terms that run of orders, each by its number. */
export async function askTermsOf(link: Link, orders: readonly string[]): Promise<Terms> {
  const terms: Terms = new Table();
  const askOne = async (number: string): Promise<void> => {
    const query = { body: { case: "clocks" as const, value: { kind: "order", number } } };
    const { answer, asOf } = await ask(link, "dispatch", QuerySchema, query, AnswerSchema);
    const clocks = answer.body.case === "clocks" ? answer.body.value.clocks : [];
    for (const clock of clocks) terms.put(termKey(clock), asOf?.seq ?? 0n, asRecorded(clock));
  };
  await Promise.all(orders.map(askOne));
  return terms;
}

// Terms have no number to go on after: where something changed between two pages the list is asked for anew.
async function askTermsOnce(link: Link, service: string, titles: Titles): Promise<{ state: Terms; asOf: Position } | undefined> {
  const state: Terms = new Table();
  let asOf: Position | undefined;
  for (let skip = 0, more = true; more; skip += PAGE) {
    const query = { body: { case: "clocks" as const, value: { skip, limit: PAGE } } };
    const told = await ask(link, service, QuerySchema, query, AnswerSchema);
    const page = told.answer.body.case === "clocks" ? told.answer.body.value : undefined;
    if (asOf !== undefined && asOf.seq !== told.asOf?.seq) return undefined;
    asOf = earlier(asOf, told.asOf);
    for (const clock of page?.clocks ?? []) {
      titles.learn(clock);
      state.put(termKey(clock), asOf.seq, asRecorded(clock));
    }
    more = page?.more === true;
  }
  return { state, asOf: earlier(asOf, undefined) };
}

/** The terms of a service that run. Throws Refused where the service has none of that kind at all. */
export async function askTerms(link: Link, service: string, titles: Titles): Promise<{ state: Terms; asOf: Position }> {
  for (;;) {
    const told = await askTermsOnce(link, service, titles);
    if (told !== undefined) return told;
  }
}

/** Who is on duty now. */
export async function askDuty(link: Link): Promise<{ duty: OnDutyAnswer | undefined; asOf: Position }> {
  const told = await ask(link, "shift", ShiftQuerySchema, { body: { case: "onDuty", value: {} } }, ShiftAnswerSchema);
  const { body } = told.answer;
  return { duty: body.case === "onDuty" ? body.value : undefined, asOf: earlier(told.asOf, undefined) };
}

/** Everybody on the roster, by badge. */
export async function askPeople(link: Link): Promise<Map<string, Person>> {
  const people = new Map<string, Person>();
  for (let after = "", more = true; more; ) {
    const query = { body: { case: "people" as const, value: { after, limit: PAGE } } };
    const { answer } = await ask(link, "shift", ShiftQuerySchema, query, ShiftAnswerSchema);
    const page = answer.body.case === "people" ? answer.body.value : undefined;
    for (const person of page?.people ?? []) people.set(person.badge, person);
    after = page?.people.at(-1)?.badge ?? "";
    more = page?.more === true && after !== "";
  }
  return people;
}
