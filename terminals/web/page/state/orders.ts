/** What pages ask of open orders: who has not answered, who has one, which come first, what is next. */
import { type Assignment, type Order, Step } from "../gen/dispatch_pb";
import { isAtWork, isSilent } from "./dispatch";

export function silentTeams(order: Order): Assignment[] {
  return order.assignments.filter(isSilent);
}

/** All have declined it or were withdrawn, and nobody has finished it. */
export function hasNobody(order: Order): boolean {
  return !order.assignments.some(isAtWork);
}

export function needsSomebody(order: Order): boolean {
  return silentTeams(order).length > 0 || hasNobody(order);
}

// Unanswered before answered, then by priority, then the older ones.
export function sortedOrders(orders: readonly Order[]): Order[] {
  return orders
    .map((order) => ({ order, waits: needsSomebody(order) ? 0 : 1 }))
    .sort((a, b) => a.waits - b.waits || a.order.priority - b.order.priority || Number(a.order.issuedAtMs - b.order.issuedAtMs))
    .map(({ order }) => order);
}

/** The step that follows; undefined: there is none. */
export function nextStep(part: Assignment): Step | undefined {
  return isAtWork(part) ? ((part.step + 1) as Step) : undefined;
}
