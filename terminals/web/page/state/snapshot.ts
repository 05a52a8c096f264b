/**
 * The last card that was told here, with its age, for when there is no signal: a team's open orders, who is in it, and
 * who leads the others. Nothing else of what services tell is kept in a browser.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Order, OrderSchema } from "../gen/dispatch_pb";
import { type Person, PersonSchema } from "../gen/shift_pb";
import { recall, remember, SNAPSHOT } from "../link/database";

export interface Snapshot {
  badge: string; // whose card it is
  atMs: number; // as of when, by the bus's clock
  team: string;
  orders: Order[];
  people: Person[]; // of the team
  leads: Person[]; // of teams on duty
}

type Kept = Omit<Snapshot, "orders" | "people" | "leads"> & { orders: Uint8Array[]; people: Uint8Array[]; leads: Uint8Array[] };

export async function keepSnapshot(snapshot: Snapshot): Promise<void> {
  const people = (all: Person[]): Uint8Array[] => all.map((person) => toBinary(PersonSchema, person));
  const orders = snapshot.orders.map((order) => toBinary(OrderSchema, order));
  await remember<Kept>(SNAPSHOT, { ...snapshot, orders, people: people(snapshot.people), leads: people(snapshot.leads) });
}

/** undefined: none is kept, or it is another person's, or an older page has written it. */
export async function loadSnapshot(badge: string): Promise<Snapshot | undefined> {
  try {
    const kept = await recall<Kept>(SNAPSHOT);
    if (kept === undefined || kept.badge !== badge) return undefined;
    const people = (all: Uint8Array[]): Person[] => all.map((bytes) => fromBinary(PersonSchema, bytes));
    const orders = kept.orders.map((bytes) => fromBinary(OrderSchema, bytes));
    return { ...kept, orders, people: people(kept.people), leads: people(kept.leads) };
  } catch {
    return undefined;
  }
}
