/** The open orders: who has not answered stands first, with since when. */
import { useEffect, useState } from "preact/hooks";
import { type Assignment, type Order, PrioritySchema, Step, StepSchema } from "../gen/dispatch_pb";
import type { Clock } from "../gen/rules_pb";
import type { Desk } from "../state/desk";
import { isAtWork, isSilent } from "../state/dispatch";
import { kindWord, tr, word } from "../words";
import { Ladder } from "./ladder";
import { Age } from "../shell/age";
import { FileLink } from "../shell/file_link";
import { memo } from "../shell/memo";
import { nameOnly } from "../shell/names";
import { grouped } from "../state/group";
import { orderOf } from "../state/terms";
import { hasNobody, needsSomebody, sortedOrders } from "../state/orders";
import { countyDay, length, minute } from "../shell/time";

function sinceMs(order: Order, a: Assignment): number {
  return Number(a.addedAtMs !== 0n ? a.addedAtMs : order.issuedAtMs);
}

function stepMs(a: Assignment): number {
  const at = { [Step.ACKNOWLEDGED]: a.acknowledgedAtMs, [Step.DEPARTED]: a.departedAtMs, [Step.ON_SCENE]: a.onSceneAtMs, [Step.FINISHED]: a.finishedAtMs };
  return a.step === Step.STEP_UNSPECIFIED ? 0 : Number(at[a.step]);
}

/** Opens the form for a report of a team; undefined: this terminal's key may enter none. */
export type OpenReport = ((order: Order, part: Assignment) => void) | undefined;

interface TeamProps {
  report: OpenReport;
  desk: Desk;
  order: Order;
  part: Assignment;
  depart: Clock | undefined; // the term to depart, while it runs
  nowMs: number;
}

function seen(part: Assignment, nowMs: number): string {
  if (part.readAtMs !== 0n) return tr("read %s", minute(Number(part.readAtMs), nowMs));
  if (part.deliveredAtMs !== 0n) return tr("delivered %s", minute(Number(part.deliveredAtMs), nowMs));
  return tr("not delivered");
}

function departBy(term: Clock, nowMs: number): string {
  const left = Number(term.dueMs) - nowMs;
  return ` · ${left > 0 ? tr("to depart: %s left", length(left)) : tr("to depart: over by %s", length(-left))}`;
}

/** What a team's part says: its state, since when, and who answers. */
function TeamState({ desk, order, part, depart, nowMs }: Omit<TeamProps, "report">) {
  const to = part.to !== "" ? nameOnly(desk, part.to) : "";
  if (isSilent(part)) {
    return (
      <>
        <span class="state">{tr("Not answered")}</span> <Age desk={desk} class="age number" say={(now) => length(now - sinceMs(order, part))} />
        <span class="who">
          {to} {seen(part, nowMs)}
        </span>
      </>
    );
  }
  if (!isAtWork(part) && part.step !== Step.FINISHED) {
    const declined = part.declinedAtMs !== 0n;
    return (
      <>
        <span class="state">{declined ? tr("Declined") : tr("Withdrawn")}</span>{" "}
        <span class="number">{minute(Number(declined ? part.declinedAtMs : part.withdrawnAtMs), nowMs)}</span>
        <span class="who">{declined ? part.declineReason : part.withdrawReason}</span>
      </>
    );
  }
  return (
    <>
      <span class="state">{word(StepSchema, part.step)}</span> <span class="number">{minute(stepMs(part), nowMs)}</span>
      <span class="who">
        {to} {isAtWork(part) && <Age desk={desk} say={(now) => length(now - stepMs(part))} />}
        {depart !== undefined && <Age desk={desk} say={(now) => departBy(depart, now)} />}
      </span>
    </>
  );
}

function teamClass(part: Assignment, depart: Clock | undefined, nowMs: number): string {
  if (isSilent(part)) return "team silent";
  if (!isAtWork(part) && part.step !== Step.FINISHED) return "team gone";
  return `team step${part.step}${depart !== undefined && Number(depart.dueMs) <= nowMs ? " late" : ""}`;
}

function Team({ report, ...props }: TeamProps) {
  const { order, part, depart, nowMs } = props;
  const what = (
    <>
      <b class="name">{part.team}</b> <TeamState {...props} />
    </>
  );
  const className = teamClass(part, depart, nowMs);
  if (report === undefined || !isAtWork(part)) return <li><div class={className}>{what}</div></li>;
  return (
    <li>
      <button type="button" class={className} data-part={`${order.number}/${part.team}`} onClick={() => report(order, part)}>
        {what}
      </button>
    </li>
  );
}

function byOrder(terms: readonly Clock[]): Map<string, Clock[]> {
  return grouped(terms, (term) => orderOf(term) ?? "");
}

export interface CardActs {
  report: OpenReport;
  cancel: ((order: Order) => void) | undefined;
  file(number: string): void; // opens that of the premises
}

interface ShownProps extends CardActs {
  desk: Desk;
  terms: readonly Clock[]; // of what is shown here
  // Not read here, but shown:
  over: number; // how many of the terms have ended
  people: Desk["people"]; // whose names are shown
  titles: number; // how many rules' titles are known
  today: string; // "07-15 14:03" is of another day
}

function CardHead({ desk, order, cancel, file }: Omit<CardActs, "report"> & { desk: Desk; order: Order }) {
  const where = [order.township, kindWord(order.kind)].filter((part) => part !== "").join(" · ");
  return (
    <header>
      <span class="priority">{word(PrioritySchema, order.priority)}</span>
      <span class="order-number">{order.number}</span>
      <h3>
        <FileLink number={order.target} open={file}>{order.targetName || order.target}</FileLink>
      </h3>
      <span class="where">{where}</span>
      {!needsSomebody(order) && (
        <span class="instructions brief" title={order.instructions}>
          {order.instructions}
        </span>
      )}
      <Age desk={desk} class="age number" title={tr("since it was issued")} say={(now) => length(now - Number(order.issuedAtMs))} />
      {cancel !== undefined && (
        <button type="button" class="small" onClick={() => cancel(order)} aria-label={tr("Cancel order %s", order.number)}>
          {tr("Cancel")}
        </button>
      )}
    </header>
  );
}

const OrderCard = memo(({ desk, order, terms, report, cancel, file }: ShownProps & { order: Order }) => {
  const nowMs = desk.nowMs() ?? 0;
  const depart = new Map(terms.filter(({ kind }) => kind === "assignment").map((term) => [term.number.slice(order.number.length + 1), term]));
  const alert = needsSomebody(order);
  return (
    <article class={`order priority${order.priority}${alert ? " alert" : ""}`} id={`order-${order.number}`} tabIndex={-1} aria-label={`${order.number} ${order.targetName}`}>
      <CardHead desk={desk} order={order} cancel={cancel} file={file} />
      {alert && order.instructions !== "" && <p class="instructions">{order.instructions}</p>}
      {hasNobody(order) && <p class="nobody">{tr("Nobody has this order: every team has declined it or was withdrawn.")}</p>}
      <ul class="teams">
        {[...order.assignments]
          .sort((a, b) => Number(isSilent(b)) - Number(isSilent(a)))
          .map((part) => (
            <Team key={part.team} desk={desk} order={order} part={part} depart={depart.get(part.team)} nowMs={nowMs} report={report} />
          ))}
      </ul>
      {terms.map((term) => term.kind === "order" && <Ladder key={term.rule} desk={desk} term={term} nowMs={nowMs} />)}
    </article>
  );
});

// -------------------------------------------------------------- the board

const NONE: readonly Clock[] = [];

function countOver(terms: readonly Clock[], nowMs: number): number {
  return terms.reduce((sum, { dueMs }) => sum + Number(Number(dueMs) <= nowMs), 0);
}

/** Neighbours, which are rendered and laid out anew only where one of them has changed. */
const Bundle = memo(({ orders, terms, over: _, ...props }: ShownProps & { orders: readonly Order[] }) => {
  const own = byOrder(terms);
  const nowMs = props.desk.nowMs() ?? 0;
  return (
    <div>
      {orders.map((order) => {
        const its = own.get(order.number) ?? NONE;
        return <OrderCard key={order.number} order={order} terms={its} over={countOver(its, nowMs)} {...props} />;
      })}
    </div>
  );
});

const BUNDLE = 16; // orders, where they are numbered one after another

// Where one begins follows from the numbers alone: an order that comes or goes leaves the other bundles as they are.
function inBundles(orders: readonly Order[]): Order[][] {
  const bundles: Order[][] = [];
  let last: Order[] | undefined;
  for (const order of orders) {
    if (last === undefined || Number(/\d*$/.exec(order.number)?.[0]) % BUNDLE === 0) bundles.push((last = []));
    last.push(order);
  }
  return bundles;
}

// A full board is there at once as far as the screen goes, and then bit by bit: cards are what takes most of opening it.
const AT_ONCE = 16;
const EACH_TIME = 40;

function useRoom(wanted: number): number {
  const [room, widen] = useState(AT_ONCE);
  useEffect(() => {
    if (room >= wanted) return;
    const timer = setTimeout(() => widen(room + EACH_TIME));
    return () => clearTimeout(timer);
  }, [room, wanted > room]);
  return room;
}

interface OrdersProps extends CardActs {
  desk: Desk;
  nowMs: number;
  issue: (() => void) | undefined;
}

export function Orders({ desk, nowMs, issue, ...acts }: OrdersProps) {
  const orders = sortedOrders(desk.dispatch.orders.values());
  const room = useRoom(orders.length);
  const terms = byOrder(desk.terms.get("dispatch")?.values() ?? NONE);
  const shown = { desk, people: desk.people, titles: desk.titles.size, today: countyDay(nowMs), ...acts };
  return (
    <section class="pane orders" aria-labelledby="orders-title" tabIndex={0}>
      <h2 id="orders-title">
        {tr("Orders")} <span class="count">{orders.length}</span>
        {issue !== undefined && (
          <button type="button" class="small" onClick={issue}>
            {tr("New order")} <kbd>F2</kbd>
          </button>
        )}
      </h2>
      {orders.length === 0 && <p class="empty">{tr("No order is open.")}</p>}
      {inBundles(orders.slice(0, room)).map((bundle) => {
        const own = bundle.flatMap(({ number }) => terms.get(number) ?? NONE);
        return <Bundle key={bundle[0]?.number} orders={bundle} terms={own} over={countOver(own, nowMs)} {...shown} />;
      })}
    </section>
  );
}
