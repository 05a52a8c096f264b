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
export function sortedOrders(orders: Order[]): Order[] {
  const rank = (order: Order): [number, number, number] => [needsSomebody(order) ? 0 : 1, order.priority, Number(order.issuedAtMs)];
  return [...orders].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
  });
}

/** The step that follows; undefined: there is none. */
export function nextStep(part: Assignment): Step | undefined {
  return isAtWork(part) ? ((part.step + 1) as Step) : undefined;
}
