/** Who a badge is, as the roster has it. */
import type { Desk } from "../state/desk";

/** "P1119 刘强"; the badge alone where the roster does not know it. */
export function person(desk: Desk, badge: string): string {
  const known = desk.people.get(badge);
  return known === undefined ? badge : `${known.name} ${badge}`;
}

export function nameOnly(desk: Desk, badge: string): string {
  return desk.people.get(badge)?.name ?? badge;
}
