/** What a whole room should see: who has not answered, what is open, who is there, what today came to, what is due. */
import { useEffect, useMemo } from "preact/hooks";
import { type Call, PrioritySchema } from "../gen/dispatch_pb";
import { By, Figure, FigureSchema } from "../gen/stats_pb";
import { termTitle } from "../desk/ladder";
import { nameOnly } from "../shell/names";
import { hasNobody, silentTeams } from "../state/orders";
import { clock, day, length, minute } from "../shell/time";
import { totalOf } from "../figures/table";
import { endedLast, isOver, leftText, type Running, running } from "../figures/terms";
import { staleMs } from "../shell/fresh";
import { useAwake } from "../shell/awake";
import { useLive } from "../shell/live";
import { isAtWork } from "../state/dispatch";
import type { Desk } from "../state/desk";
import { Figures } from "../state/figures";
import { dayOfMs, earlierOf } from "../state/periods";
import { loadCatalog } from "../shell/told";
import { troubles } from "../shell/trouble";
import { kindWord, thingNumber, tr, word } from "../words";
import { fit, isNight } from "./fit";
import { WallOrders } from "./orders";

// Of the right column, in rows: what the other panes leave to calls and terms.
const SIDE_ROOM = 7;
const CALL_ROWS = 2; // the second says what is needed
const CALLS_MOST = 2;

interface PaneProps {
  desk: Desk;
  nowMs: number;
}

function Head({ desk, nowMs }: { desk: Desk; nowMs: number | undefined }) {
  const orders = desk.dispatch.orders.values();
  const silent = orders.reduce((sum, order) => sum + silentTeams(order).length, 0);
  const nobodys = orders.filter(hasNobody).length;
  const calls = desk.dispatch.calls.values().length;
  const chief = desk.handover?.inCharge ?? "";
  return (
    <header>
      <h1><a href={`/${location.search}`}>{tr("Lianqin")}</a></h1>
      <p class={`unanswered${silent > 0 ? " alert" : ""}`}>
        <b class="number">{silent}</b> {tr("Not answered")}
      </p>
      {nobodys > 0 && (
        <p class="unanswered alert">
          <b class="number">{nobodys}</b> {tr("Without a team")}
        </p>
      )}
      {calls > 0 && (
        <p class="unanswered alert">
          <b class="number">{calls}</b> {tr("Calls")}
        </p>
      )}
      <p class="chief">
        {tr("Desk chief")}
        <b>{chief === "" ? tr("nobody has signed") : nameOnly(desk, chief)}</b>
      </p>
      <p class="date">{nowMs === undefined ? "" : day(nowMs)}</p>
      <time class="number">{nowMs === undefined ? "--:--:--" : clock(nowMs)}</time>
    </header>
  );
}

// -------------------------------------------------------------- beside the orders

function Calls({ calls, more, nowMs }: { calls: Call[]; more: number; nowMs: number }) {
  if (calls.length === 0) return null;
  return (
    <section class="calls" aria-labelledby="calls-title">
      <h2 id="calls-title">
        {tr("Calls that wait")} <span class="count">{calls.length + more}</span>
      </h2>
      <ul>
        {calls.map((call) => (
          <li key={call.number} class={`priority${call.priority}`}>
            <p>
              <span class="priority">{word(PrioritySchema, call.priority)}</span> <b>{call.number}</b>{" "}
              <span class="name">{call.sourceNumber !== "" ? thingNumber(call.sourceKind, call.sourceNumber) : call.premises}</span>
              <span class="age number">{length(nowMs - Number(call.atMs))}</span>
            </p>
            <p class="needed">{kindWord(call.what)}</p>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="more">{tr("and %d more", more)}</p>}
    </section>
  );
}

function OnDuty({ desk, nowMs }: PaneProps) {
  const { duty } = desk;
  const busy = new Set(desk.dispatch.orders.values().flatMap((order) => order.assignments.filter(isAtWork).map((part) => part.team)));
  const teams = (duty?.leads ?? []).map((lead) => lead.team).sort();
  const free = teams.filter((team) => !busy.has(team));
  const shift = duty?.current;
  return (
    <section class="duty" aria-labelledby="duty-title">
      <h2 id="duty-title">
        {tr("On duty")}{" "}
        {shift !== undefined && <span class="count">{tr("%s, group %s, until %s", kindWord(shift.name), shift.group, minute(Number(shift.endsAtMs), nowMs))}</span>}
      </h2>
      {shift === undefined ? (
        <p class="alarm">{tr("Nobody is on duty.")}</p>
      ) : (
        <p class="people">
          <span>{tr("%d people", duty?.people ?? 0)}</span> <span>{tr("%d teams, %d free", teams.length, free.length)}</span>
        </p>
      )}
      <p class="free">{free.slice(0, 12).join(" ")}{free.length > 12 ? " …" : ""}</p>
    </section>
  );
}

const KEY_FIGURES: readonly Figure[] = [
  Figure.OPERATIONS, Figure.PERSON_TIMES, Figure.DISMANTLED, Figure.SEALED,
  Figure.SHUT_DOWN, Figure.NOTICES, Figure.CASES_FILED, Figure.DETAINED,
];

function Today({ figures }: { figures: Figures }) {
  const { told } = figures;
  return (
    <section class="today" aria-labelledby="today-title">
      <h2 id="today-title">
        {tr("Today")} <span class="count">{told === undefined ? "" : `stats#${told.asOf.seq}`}</span>
      </h2>
      <dl>
        {KEY_FIGURES.map((figure) => (
          <div key={figure} data-figure={FigureSchema.value[figure]?.name.toLowerCase()}>
            <dt>{word(FigureSchema, figure)}</dt>
            <dd class="number">
              <b>{told === undefined ? "…" : totalOf({ figure, kind: undefined }, told.now)}</b>
              {told?.before !== undefined && <span>{tr("yesterday %d", totalOf({ figure, kind: undefined }, told.before))}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// Those of the orders stand with the orders, to the second.
function isElsewhere({ clock: { kind } }: Running): boolean {
  return kind !== "order" && kind !== "assignment";
}

function Deadlines({ desk, nowMs, room }: PaneProps & { room: number }) {
  const all = endedLast(running(desk).filter(isElsewhere), nowMs);
  const over = all.filter((one) => isOver(one, nowMs));
  const { shown } = fit(all, () => 1, room, 0); // how many more there are says the heading
  return (
    <section class="deadlines" aria-labelledby="deadlines-title">
      <h2 id="deadlines-title">
        {tr("Terms")} <span class="count">{tr("%d run", all.length)}</span>
        {over.length > 0 && <span class="alert">{tr("%d overdue", over.length)}</span>}
      </h2>
      {all.length === 0 && <p class="empty">{tr("No term runs.")}</p>}
      <ul>
        {shown.map((one) => (
          <li key={`${one.service} ${one.clock.kind} ${one.clock.number} ${one.clock.rule}`} class={isOver(one, nowMs) ? "over" : ""}>
            <b>{thingNumber(one.clock.kind, one.clock.number)}</b> <span class="name">{termTitle(desk, one.clock)}</span>
            <span class="age number">{leftText(one.clock, nowMs, (text) => text)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

// -------------------------------------------------------------- the whole

export function Wall({ desk }: { desk: Desk }) {
  const figures = useMemo(() => new Figures(desk.link), [desk]);
  useLive(desk, figures);
  useAwake();
  useEffect(() => () => figures.stop(), [figures]);
  useEffect(() => void loadCatalog().catch(() => undefined), []); // without it what services tell is in English
  useEffect(() => {
    if (desk.isOutdated) location.reload(); // nobody stands before it
  }, [desk.isOutdated]);
  const nowMs = desk.nowMs();
  const stale = staleMs(desk);
  if (nowMs !== undefined) {
    const today = dayOfMs(nowMs);
    const range = { from: today, to: today };
    figures.choose({ range, earlier: earlierOf(range), by: By.BY_NOTHING, parted: By.BY_NOTHING });
  }
  const isReady = nowMs !== undefined && desk.positions.has("dispatch");
  const calls = desk.dispatch.calls.values().sort((a, b) => a.priority - b.priority || Number(a.atMs - b.atMs));
  const fitted = fit(calls, () => 1, CALLS_MOST, 0);
  const room = SIDE_ROOM - (calls.length > 0 ? fitted.shown.length * CALL_ROWS + 1 : 0) - (fitted.more > 0 ? 1 : 0);
  const isDark = nowMs !== undefined && isNight(nowMs, new URLSearchParams(location.search).get("theme"));
  return (
    <div class={`wall ${isDark ? "night" : "day"}${stale > 0 || desk.link.troubles.has("dispatch") ? " stale" : ""}`}>
      <Head desk={desk} nowMs={nowMs} />
      {stale > 0 && nowMs !== undefined && (
        <p class="banner" role="alert">
          <b>{tr("no link %s", length(stale))}</b> {tr("What stands below is as of %s.", clock(nowMs - stale))}
        </p>
      )}
      {troubles(desk).slice(0, 1).map((text) => (
        <p key={text} class="banner notice" role="status">{text}</p>
      ))}
      {isReady ? (
        <main>
          <WallOrders desk={desk} nowMs={nowMs} />
          <div class="side">
            <Calls calls={fitted.shown} more={fitted.more} nowMs={nowMs} />
            <OnDuty desk={desk} nowMs={nowMs} />
            <Today figures={figures} />
            <Deadlines desk={desk} nowMs={nowMs} room={room} />
          </div>
        </main>
      ) : (
        <main class="waiting"><p>{tr("The board is being asked for …")}</p></main>
      )}
    </div>
  );
}
