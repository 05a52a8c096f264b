/** Who a badge is, as the roster has it. */
import { RoleSchema } from "../gen/envelope_pb";
import type { Desk } from "../state/desk";
import { word } from "../words";

/** "P1119 刘强"; the badge alone where the roster does not know it. */
export function person(desk: Desk, badge: string): string {
  const known = desk.people.get(badge);
  return known === undefined ? badge : `${known.name} ${badge}`;
}

export function nameOnly(desk: Desk, badge: string): string {
  return desk.people.get(badge)?.name ?? badge;
}

/** Whose a term is: a person, a team, or a role in lower case. */
export function ownerName(desk: Desk, owner: string): string {
  const role = RoleSchema.values.find((value) => value.name.toLowerCase() === owner);
  return role === undefined ? nameOnly(desk, owner) : word(RoleSchema, role.number);
}
