/** The open orders on the wall: who has not answered stands first, with since when to the second. */
import { type Assignment, type Order, PrioritySchema, StepSchema } from "../gen/dispatch_pb";
import { nameOnly } from "../shell/names";
import { hasNobody, silentTeams } from "../state/orders";
import { length } from "../shell/time";
import { isAtWork, isSilent } from "../state/dispatch";
import type { Desk } from "../state/desk";
import { kindWord, tr, word } from "../words";
import { fitOrders } from "./fit";

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

function Answered({ part }: { part: Assignment }) {
  return (
    <li class={isAtWork(part) ? `step${part.step}` : "gone"}>
      <b>{part.team}</b> {stateOf(part)}
    </li>
  );
}

function OrderLine({ desk, order, nowMs }: { desk: Desk; order: Order; nowMs: number }) {
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
          <Answered key={part.team} part={part} />
        ))}
      </ul>
    </li>
  );
}

export function WallOrders({ desk, nowMs }: { desk: Desk; nowMs: number }) {
  const orders = desk.dispatch.orders.values();
  const { shown, more } = fitOrders(orders);
  return (
    <section class="orders" aria-labelledby="orders-title">
      <h2 id="orders-title">
        {tr("Orders")} <span class="count">{orders.length}</span>
        <span class="count">{tr("record %s", (desk.positions.get("dispatch") ?? 0n).toString())}</span>
      </h2>
      {orders.length === 0 && <p class="empty">{tr("No order is open.")}</p>}
      <ul>
        {shown.map((order) => (
          <OrderLine key={order.number} desk={desk} order={order} nowMs={nowMs} />
        ))}
      </ul>
      {more > 0 && <p class="more">{tr("and %d more", more)}</p>}
    </section>
  );
}
