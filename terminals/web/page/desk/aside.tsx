/** What stands beside the orders: calls that wait, who is on duty, which terms are ending. */
import { type Call, PrioritySchema } from "../gen/dispatch_pb";
import type { Clock } from "../gen/rules_pb";
import type { Person } from "../gen/shift_pb";
import type { Desk } from "../state/desk";
import { grouped } from "../state/group";
import { isAtWork } from "../state/dispatch";
import { isCounted, isOverdue, orderOf, termKey } from "../state/terms";
import { kindWord, service, thingNumber, tr, word } from "../words";
import { termTitle } from "./ladder";
import { Age } from "../shell/age";
import { memo } from "../shell/memo";
import { ownerName } from "../shell/names";
import { length, minute } from "../shell/time";

interface PaneProps {
  desk: Desk;
  nowMs: number;
}

// -------------------------------------------------------------- calls

function CallRow({ desk, call, decide }: { desk: Desk; call: Call; decide: ((call: Call) => void) | undefined }) {
  const about = call.sourceNumber !== "" ? thingNumber(call.sourceKind, call.sourceNumber) : call.premises;
  return (
    <li class={`call priority${call.priority}`}>
      <span class="priority">{word(PrioritySchema, call.priority)}</span> <b>{call.number}</b> {about}{" "}
      <Age desk={desk} class="age number" say={(now) => length(now - Number(call.atMs))} />
      <span class="who">{kindWord(call.what)}</span>
      {decide !== undefined && (
        <button type="button" class="small" onClick={() => decide(call)}>
          {tr("Decide")}
        </button>
      )}
    </li>
  );
}

export function Calls({ desk, decide }: { desk: Desk } & { decide: ((call: Call) => void) | undefined }) {
  const calls = desk.dispatch.calls.values().sort((a, b) => a.priority - b.priority || Number(a.atMs - b.atMs));
  if (calls.length === 0) return null;
  return (
    <section class="pane calls" aria-labelledby="calls-title">
      <h2 id="calls-title">
        {tr("Calls that wait")} <span class="count">{calls.length}</span>
      </h2>
      <ul>
        {calls.map((call) => (
          <CallRow key={call.number} desk={desk} call={call} decide={decide} />
        ))}
      </ul>
    </section>
  );
}

// -------------------------------------------------------------- on duty

/** Which orders each team is at work on. */
function engagements(desk: Desk): Map<string, { team: string; order: string }[]> {
  const parts = desk.dispatch.orders.values().flatMap(({ number, assignments }) => assignments.filter(isAtWork).map(({ team }) => ({ team, order: number })));
  return grouped(parts, ({ team }) => team);
}

function TeamOnDuty({ lead, orders }: { lead: Person; orders: string[] }) {
  return (
    <li class={orders.length > 0 ? "engaged" : "free"}>
      <b class="name">{lead.team}</b> <span class="lead">{lead.name}</span>{" "}
      <span class="phone number">{lead.phone}</span>
      <span class="state">{orders.length > 0 ? orders.join(" ") : tr("Free")}</span>
    </li>
  );
}

export function OnDuty({ desk, nowMs }: PaneProps) {
  const { duty } = desk;
  const engaged = engagements(desk);
  const leads = [...(duty?.leads ?? [])].sort((a, b) => a.team.localeCompare(b.team));
  const free = leads.filter((lead) => !engaged.has(lead.team)).length;
  const shift = duty?.current;
  return (
    <section class="pane duty" aria-labelledby="duty-title" tabIndex={0}>
      <h2 id="duty-title">
        {tr("On duty")} <span class="count">{tr("%d people", duty?.people ?? 0)}</span>
        <span class="count">{tr("%d teams, %d free", leads.length, free)}</span>
      </h2>
      {shift === undefined ? (
        <p class="alarm">{tr("Nobody is on duty.")}</p>
      ) : (
        <p class="shift">
          {tr("%s, group %s, until %s", kindWord(shift.name), shift.group, minute(Number(shift.endsAtMs), nowMs))}
        </p>
      )}
      <ul>
        {leads.map((lead) => (
          <TeamOnDuty key={lead.badge} lead={lead} orders={(engaged.get(lead.team) ?? []).map(({ order }) => order)} />
        ))}
      </ul>
      {(duty?.differences ?? []).map((one) => (
        <p key={one.badge} class="difference">
          {one.there ? tr("also there: %s %s (%s)", one.name, one.team, one.by) : tr("not there: %s %s (%s)", one.name, one.team, one.by)}
        </p>
      ))}
    </section>
  );
}

// -------------------------------------------------------------- terms

const DAY_MS = 86_400_000;

interface Bucket {
  title: string;
  className: string;
  terms: { clock: Clock; service: string }[];
}

/** Its order's card shows it already. */
function isOnBoard(desk: Desk, clock: Clock): boolean {
  return desk.dispatch.orders.get(orderOf(clock) ?? "") !== undefined;
}

function inBuckets(desk: Desk, nowMs: number): Bucket[] {
  const buckets: Bucket[] = [
    { title: tr("Overdue"), className: "over", terms: [] },
    { title: tr("Within 24 hours"), className: "soon", terms: [] },
    { title: tr("Within 3 days"), className: "", terms: [] },
    { title: tr("Within 7 days"), className: "", terms: [] },
    { title: tr("Ended"), className: "", terms: [] }, // what was waited for: nobody is late
  ];
  const until = [0, DAY_MS, 3 * DAY_MS, 7 * DAY_MS];
  for (const [name, terms] of desk.terms) {
    for (const clock of terms.values().filter((one) => isCounted(one) && !isOnBoard(desk, one))) {
      const left = Number(clock.dueMs) - nowMs;
      const at = left <= 0 && !isOverdue(clock, nowMs) ? until.length : until.findIndex((ms) => left <= ms);
      buckets[at]?.terms.push({ clock, service: name });
    }
  }
  for (const { terms } of buckets) terms.sort((a, b) => Number(a.clock.dueMs - b.clock.dueMs));
  return buckets.filter(({ terms }) => terms.length > 0);
}

const SHOWN_MOST = 50; // of a bucket; the rest is counted

interface TermProps {
  desk: Desk;
  clock: Clock;
  title: string;
  owner: string;
  due: string; // by which service, and when
}

const TermRow = memo(({ desk, clock, title, owner, due }: TermProps) => {
  const dueMs = Number(clock.dueMs);
  return (
    <li>
      <b>{thingNumber(clock.kind, clock.number)}</b> <span class="title">{title}</span>
      <span class="who">{owner}</span>
      <Age desk={desk} class="age number" title={due} say={(now) => length(Math.abs(dueMs - now))} />
    </li>
  );
});

export function Terms({ desk, nowMs }: PaneProps) {
  const buckets = inBuckets(desk, nowMs);
  return (
    <section class="pane terms" aria-labelledby="terms-title" tabIndex={0}>
      <h2 id="terms-title">{tr("Terms")}</h2>
      {buckets.length === 0 && <p class="empty">{tr("No term ends within 7 days.")}</p>}
      {buckets.map(({ title, className, terms }) => (
        <div key={title} class={`bucket ${className}`}>
          <h3>
            {title} <span class="count">{terms.length}</span>
          </h3>
          <ul>
            {terms.slice(0, SHOWN_MOST).map(({ clock, service: of }) => (
              <TermRow
                key={`${of} ${termKey(clock)}`}
                desk={desk}
                clock={clock}
                title={termTitle(desk, clock)}
                owner={clock.owner === "" ? "" : ownerName(desk, clock.owner)}
                due={`${service(of)} ${minute(Number(clock.dueMs), nowMs)}`}
              />
            ))}
          </ul>
          {terms.length > SHOWN_MOST && <p class="quiet">{tr("and %d more", terms.length - SHOWN_MOST)}</p>}
        </div>
      ))}
    </section>
  );
}
