/** The open orders: who has not answered stands first, with since when. */
import { type Assignment, type Order, PrioritySchema, Step, StepSchema } from "../gen/dispatch_pb";
import type { Clock } from "../gen/rules_pb";
import type { Desk } from "../state/desk";
import { isAtWork, isSilent } from "../state/dispatch";
import { kindWord, tr, word } from "../words";
import { Ladder } from "./ladder";
import { FileLink } from "../shell/file_link";
import { nameOnly } from "../shell/names";
import { hasNobody, needsSomebody, sortedOrders } from "../state/orders";
import { length, minute } from "../shell/time";

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

function DepartBy({ term, nowMs }: { term: Clock; nowMs: number }) {
  const left = Number(term.dueMs) - nowMs;
  return (
    <span class="number">
      {" · "}
      {left > 0 ? tr("to depart: %s left", length(left)) : tr("to depart: over by %s", length(-left))}
    </span>
  );
}

/** What a team's part says: its state, since when, and who answers. */
function TeamState({ desk, order, part, depart, nowMs }: Omit<TeamProps, "report">) {
  const to = part.to !== "" ? nameOnly(desk, part.to) : "";
  if (isSilent(part)) {
    return (
      <>
        <span class="state">{tr("Not answered")}</span> <span class="age number">{length(nowMs - sinceMs(order, part))}</span>
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
        {to} {isAtWork(part) && <span class="number">{length(nowMs - stepMs(part))}</span>}
        {depart !== undefined && <DepartBy term={depart} nowMs={nowMs} />}
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

function termsOfOrder(desk: Desk, order: Order): { own: Clock[]; depart: Map<string, Clock> } {
  const all = desk.terms.get("dispatch")?.values() ?? [];
  const own = all.filter((term) => term.kind === "order" && term.number === order.number);
  const prefix = `${order.number}/`;
  const parts = all.filter((term) => term.kind === "assignment" && term.number.startsWith(prefix));
  return { own, depart: new Map(parts.map((term) => [term.number.slice(prefix.length), term])) };
}

interface OrderProps {
  desk: Desk;
  order: Order;
  nowMs: number;
  report: OpenReport;
  cancel: ((order: Order) => void) | undefined;
  file(number: string): void; // opens that of the premises
}

function OrderCard({ desk, order, nowMs, report, cancel, file }: OrderProps) {
  const { own, depart } = termsOfOrder(desk, order);
  const alert = needsSomebody(order);
  const where = [order.township, kindWord(order.kind)].filter((part) => part !== "").join(" · ");
  return (
    <article class={`order priority${order.priority}${alert ? " alert" : ""}`} id={`order-${order.number}`} tabIndex={-1} aria-label={`${order.number} ${order.targetName}`}>
      <header>
        <span class="priority">{word(PrioritySchema, order.priority)}</span>
        <span class="order-number">{order.number}</span>
        <h3>
          <FileLink number={order.target} open={file}>{order.targetName || order.target}</FileLink>
        </h3>
        <span class="where">{where}</span>
        {!alert && (
          <span class="instructions brief" title={order.instructions}>
            {order.instructions}
          </span>
        )}
        <span class="age number" title={tr("since it was issued")}>
          {length(nowMs - Number(order.issuedAtMs))}
        </span>
        {cancel !== undefined && (
          <button type="button" class="small" onClick={() => cancel(order)} aria-label={tr("Cancel order %s", order.number)}>
            {tr("Cancel")}
          </button>
        )}
      </header>
      {alert && order.instructions !== "" && <p class="instructions">{order.instructions}</p>}
      {hasNobody(order) && <p class="nobody">{tr("Nobody has this order: every team has declined it or was withdrawn.")}</p>}
      <ul class="teams">
        {[...order.assignments]
          .sort((a, b) => Number(isSilent(b)) - Number(isSilent(a)))
          .map((part) => (
            <Team key={part.team} desk={desk} order={order} part={part} depart={depart.get(part.team)} nowMs={nowMs} report={report} />
          ))}
      </ul>
      {own.map((term) => (
        <Ladder key={term.rule} desk={desk} term={term} nowMs={nowMs} />
      ))}
    </article>
  );
}

interface OrdersProps extends Omit<OrderProps, "order"> {
  issue: (() => void) | undefined;
}

export function Orders({ issue, ...props }: OrdersProps) {
  const orders = sortedOrders(props.desk.dispatch.orders.values());
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
      {orders.map((order) => (
        <OrderCard key={order.number} order={order} {...props} />
      ))}
    </section>
  );
}
