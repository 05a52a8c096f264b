/** What a wall shows of a list: as much as has room, the most urgent first, and how many more there are. */
import type { Order } from "../gen/dispatch_pb";
import { hasNobody, silentTeams, sortedOrders } from "../state/orders";

export interface Fitted<T> {
  shown: T[];
  more: number;
}

/** Where something is left out, `rest` of the room is kept to say so. */
export function fit<T>(items: readonly T[], height: (item: T) => number, room: number, rest: number): Fitted<T> {
  const all = items.reduce((sum, item) => sum + height(item), 0);
  if (all <= room) return { shown: [...items], more: 0 };
  let left = room - rest;
  let count = 0;
  for (const item of items) {
    left -= height(item);
    if (left < 0) break;
    count++;
  }
  return { shown: items.slice(0, count), more: items.length - count };
}

// In hundredths of the screen's height, as wall.css has them: an order, each line of its teams, the list.
const ORDER = 5.9, LINE = 5.1, ROOM = 80, MORE = 4;
const MOST_LINES = 4;
// Of a line: a silent team has half, one that has answered a fifth, one that is late to depart with how late two of them.
const SILENT = 1 / 2, ANSWERED = 1 / 5, LATE = 2 / 5;

/** The teams of an order that are late to depart, by how much in ms. */
export type Late = (order: Order) => ReadonlyMap<string, number>;

const NOBODY: ReadonlyMap<string, number> = new Map();

export function heightOf(order: Order, late: Late = () => NOBODY): number {
  const silent = silentTeams(order).length;
  const slow = late(order).size;
  const answered = order.assignments.length - silent - slow;
  const lines = Math.ceil((hasNobody(order) ? SILENT : 0) + silent * SILENT + slow * LATE + answered * ANSWERED);
  return ORDER + LINE * Math.min(MOST_LINES, lines);
}

export function fitOrders(orders: Order[], late?: Late): Fitted<Order> {
  return fit(sortedOrders(orders), (order) => heightOf(order, late), ROOM, MORE);
}

/** The wall is dark from 19:00 to 7:00 of the county, unless its address says otherwise (?theme=day, ?theme=night). */
export function isNight(nowMs: number, theme: string | null): boolean {
  if (theme === "day" || theme === "night") return theme === "night";
  const hour = Math.floor(nowMs / 3_600_000 + 8) % 24;
  return hour < 7 || hour >= 19;
}
