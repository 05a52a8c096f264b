/** The open orders on the wall: who has not answered stands first, with since when to the second. */
import { type Assignment, type Order, PrioritySchema, Step, StepSchema } from "../gen/dispatch_pb";
import { nameOnly } from "../shell/names";
import { hasNobody, silentTeams } from "../state/orders";
import { length } from "../shell/time";
import { isAtWork, isSilent } from "../state/dispatch";
import type { Desk } from "../state/desk";
import { isCounted } from "../state/terms";
import { kindWord, tr, word } from "../words";
import { fitOrders, type Late } from "./fit";

interface PartProps {
  desk: Desk;
  order: Order;
  part: Assignment;
  nowMs: number;
}

function Silent({ desk, order, part, nowMs }: PartProps) {
  const since = Number(part.addedAtMs !== 0n ? part.addedAtMs : order.issuedAtMs);
  return (
    <li class="silent">
      <b>{part.team}</b> <span class="who">{part.to === "" ? "" : nameOnly(desk, part.to)}</span> <span>{tr("Not answered")}</span>
      <span class="age number">{length(nowMs - since)}</span>
    </li>
  );
}

function stateOf(part: Assignment): string {
  if (part.declinedAtMs !== 0n) return tr("Declined");
  return part.withdrawnAtMs !== 0n ? tr("Withdrawn") : word(StepSchema, part.step);
}

function Answered({ part, overMs }: { part: Assignment; overMs: number | undefined }) {
  if (overMs !== undefined) return <li class="late"><b>{part.team}</b> {tr("not departed, over by %s", length(overMs))}</li>;
  return (
    <li class={isAtWork(part) ? `step${part.step}` : "gone"}>
      <b>{part.team}</b> {stateOf(part)}
    </li>
  );
}

/** Who has answered and not departed in time: with a team that is silent nobody asks for that yet. */
function lateTeams(desk: Desk, nowMs: number): Late {
  const over = new Map<string, number>();
  for (const clock of desk.terms.get("dispatch")?.values() ?? []) {
    if (clock.kind === "assignment" && isCounted(clock) && Number(clock.dueMs) <= nowMs) over.set(clock.number, nowMs - Number(clock.dueMs));
  }
  const isLate = (order: Order, { team, step }: Assignment): boolean => step === Step.ACKNOWLEDGED && over.has(`${order.number}/${team}`);
  return (order) => new Map(order.assignments.filter((part) => isAtWork(part) && isLate(order, part)).map(({ team }) => [team, over.get(`${order.number}/${team}`) ?? 0]));
}

function OrderLine({ desk, order, late, nowMs }: { desk: Desk; order: Order; late: Late; nowMs: number }) {
  const over = late(order);
  const silent = silentTeams(order);
  const isNobodys = hasNobody(order);
  const where = [order.township, kindWord(order.kind)].filter(Boolean).join(" · ");
  return (
    <li class={`order priority${order.priority}${silent.length > 0 || isNobodys ? " alert" : ""}`}>
      <p class="what">
        <span class="priority">{word(PrioritySchema, order.priority)}</span>
        <b>{order.number}</b>
        <b class="name">{order.targetName || order.target}</b>
        <span class="where">{where}</span>
        <span class="age number">{length(nowMs - Number(order.issuedAtMs))}</span>
      </p>
      <ul class="parts">
        {isNobodys && <li class="silent">{tr("Nobody has it")}</li>}
        {silent.map((part) => (
          <Silent key={part.team} desk={desk} order={order} part={part} nowMs={nowMs} />
        ))}
        {order.assignments.filter((part) => !isSilent(part)).map((part) => (
          <Answered key={part.team} part={part} overMs={over.get(part.team)} />
        ))}
      </ul>
    </li>
  );
}

export function WallOrders({ desk, nowMs }: { desk: Desk; nowMs: number }) {
  const orders = desk.dispatch.orders.values();
  const late = lateTeams(desk, nowMs);
  const { shown, more } = fitOrders(orders, late);
  return (
    <section class="orders" aria-labelledby="orders-title">
      <h2 id="orders-title">
        {tr("Orders")} <span class="count">{orders.length}</span>
        <span class="count">{tr("record %s", (desk.positions.get("dispatch") ?? 0n).toString())}</span>
      </h2>
      {orders.length === 0 && <p class="empty">{tr("No order is open.")}</p>}
      <ul>
        {shown.map((order) => (
          <OrderLine key={order.number} desk={desk} order={order} late={late} nowMs={nowMs} />
        ))}
      </ul>
      {more > 0 && <p class="more">{tr("and %d more", more)}</p>}
    </section>
  );
}
