/** What a command line does once it is read: the same commands as the forms send, one for each team. */
import { PrioritySchema, StepSchema } from "../gen/dispatch_pb";
import type { Behalf, Decided } from "../link/act";
import type { Acts } from "../shell/acts";
import { nameOnly } from "../shell/names";
import type { Desk } from "../state/desk";
import { isAtWork } from "../state/dispatch";
import type { Places } from "../state/places";
import { Index } from "../state/search";
import { kindWord, tr, word } from "../words";
import type { Act, Finding, Known, Looking, Part } from "./command";
import { KINDS, reporter } from "./forms";
import type { Choice } from "./line";
import { premisesChoice } from "./premises_box";

// -------------------------------------------------------------- what is known

function finding<T>(found: { item: T; rank: number }[], choice: (item: T) => Choice): Finding {
  const exact = found.filter(({ rank }) => rank === 0);
  return { choices: found.map(({ item }) => choice(item)), isExact: exact.length === 1 };
}

/** What the search knows of people, made once for a roster. */
export function peopleIndex(desk: Desk): Index<Choice> {
  const all = [...desk.people.values()].map(({ badge, name, team }) => ({ text: badge, label: [name, team].filter(Boolean).join(" ") }));
  return new Index(all, ({ text }) => text, ({ text }) => nameOnly(desk, text));
}

export function knownOf(desk: Desk, places: Places, people: Index<Choice>, lastOrder: string): Known {
  const orders = desk.dispatch.orders.values();
  const teams = [...new Set([...desk.people.values()].map(({ team }) => team))].filter(Boolean).sort();
  const lead = (team: string): string => desk.duty?.leads.find((one) => one.team === team)?.name ?? tr("off duty");
  return {
    premises: (typed) => finding(places.index.find(typed), premisesChoice),
    people: (typed) => finding(people.find(typed), (choice) => choice),
    teams: teams.map((team) => ({ text: team, label: lead(team) })),
    orders: orders.map(({ number, targetName }) => ({ text: number, label: targetName })),
    parts: orders.flatMap((order) =>
      order.assignments.filter(isAtWork).map((part) => ({ order: order.number, team: part.team, step: part.step, isOwn: reporter(desk, part) === "" })),
    ),
    kinds: KINDS,
    lastOrder,
  };
}

// -------------------------------------------------------------- in words

/** What Enter will do, before it does: "指令 E0123 献县… 突击检查 特急 → T01 T02 · 封熔炼炉" */
export function inWords(act: Act): string {
  switch (act.do) {
    case "issue": {
      const what = [kindWord(act.kind), word(PrioritySchema, act.priority)].join(" ");
      return [`${tr("Order")} ${act.target.text} ${act.target.label}`, what, `→ ${act.teams.join(" ")}`, act.instructions].filter(Boolean).join(" · ");
    }
    case "report":
    case "decline": {
      const step = act.do === "report" ? word(StepSchema, act.step) : tr("Declined");
      const parts = act.parts.map(({ order, team }) => `${order} ${team}`).join(" ");
      return [step, parts, tr(act.channel), act.do === "report" ? act.words : act.why].filter(Boolean).join(" · ");
    }
    case "cancel":
      return [`${tr("Cancel")} ${act.order}`, act.why].join(" · ");
    case "reinforce":
      return [`${tr("Reinforce")} ${act.order} ${act.teams.join(" ")}`, act.why].filter(Boolean).join(" · ");
    case "withdraw":
      return [`${tr("Withdraw")} ${act.order} ${act.teams.join(" ")}`, act.why].join(" · ");
    case "undo":
      return [`${tr("Void")} ${act.order}`, act.why].join(" · ");
    case "view":
      return `${tr("Look at")} ${act.number}`;
    case "help":
      return tr("Help");
  }
}

// -------------------------------------------------------------- doing it

function behalfOf(desk: Desk, { order, team }: Part, channel: string): Behalf | undefined {
  const part = desk.dispatch.orders.get(order)?.assignments.find((one) => one.team === team);
  const who = part === undefined ? "" : reporter(desk, part);
  return who === "" ? undefined : { onBehalfOf: who, reason: tr(channel) };
}

async function eachPart(parts: readonly Part[], tell: (part: Part) => Promise<Decided>): Promise<Decided[]> {
  const all: Decided[] = [];
  for (const part of parts) all.push(await tell(part));
  return all;
}

/** Sends it; gives what was decided, in the order of the teams. What a view opens is the caller's business. */
export async function carryOut(desk: Desk, acts: Acts, act: Exclude<Act, Looking>): Promise<Decided[]> {
  const title = inWords(act);
  switch (act.do) {
    case "issue": {
      const { kind, target, priority, teams, instructions } = act;
      return [await acts.perform(title, { case: "issueOrder", value: { kind, target: target.text, priority, teams, instructions } })];
    }
    case "report": {
      const { step, channel, words } = act;
      return eachPart(act.parts, (part) => {
        const value = { order: part.order, team: part.team, step, channel, words };
        return acts.perform(inWords({ ...act, parts: [part] }), { case: "reportStep", value }, behalfOf(desk, part, channel));
      });
    }
    case "decline":
      return eachPart(act.parts, (part) => {
        const value = { order: part.order, team: part.team, why: act.why };
        return acts.perform(inWords({ ...act, parts: [part] }), { case: "declineOrder", value }, behalfOf(desk, part, act.channel));
      });
    case "cancel":
      return [await acts.perform(title, { case: "cancelOrder", value: { order: act.order, why: act.why } })];
    case "reinforce":
    case "withdraw": {
      const body = act.do === "reinforce" ? "addTeam" : "withdrawTeam";
      const all: Decided[] = [];
      for (const team of act.teams) {
        const value = { order: act.order, team, why: act.why };
        all.push(await acts.perform(inWords({ ...act, teams: [team] }), { case: body, value }));
      }
      return all;
    }
    case "undo":
      return [await acts.perform(title, { case: "voidRecord", value: { kind: "order", number: act.order } }, { onBehalfOf: "", reason: act.why })];
  }
}
