/** What the command line looks at is shown where it is: a card, a pane, a sheet, or in words. */
import { RoleSchema } from "../gen/envelope_pb";
import type { Desk } from "../state/desk";
import { tr, word } from "../words";
import type { Looking } from "./command";
import type { Sheet } from "./sheets";

function focusSoon(find: () => HTMLElement | null | undefined): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const found = find();
      found?.scrollIntoView({ block: "nearest" });
      found?.focus();
    }),
  );
}

function personText(desk: Desk, badge: string): string {
  const one = desk.people.get(badge);
  if (one === undefined) return badge;
  const isHere = desk.duty?.present.includes(badge) === true;
  return [one.badge, one.name, one.team, word(RoleSchema, one.role), one.unit, one.phone, isHere ? tr("on duty") : tr("off duty")].filter(Boolean).join(" · ");
}

function teamText(desk: Desk, team: string): string {
  const lead = desk.duty?.leads.find((one) => one.team === team);
  const orders = desk.dispatch.orders.values().filter((order) => order.assignments.some((part) => part.team === team)).map(({ number }) => number);
  return [team, lead === undefined ? tr("off duty") : `${lead.name} ${lead.phone}`.trim(), ...orders].join(" · ");
}

/** Gives what is to be said in words; "": it is shown. */
export function view(desk: Desk, act: Looking, show: (sheet: Sheet | undefined) => void): string {
  if (act.do === "help") {
    show({ is: "help" });
    return "";
  }
  const { what, number } = act;
  switch (what) {
    case "premises":
      show({ is: "file", kind: "premises", number });
      return "";
    case "person":
      return personText(desk, number);
    case "team":
      return teamText(desk, number);
    case "order": {
      if (desk.dispatch.orders.get(number) === undefined) {
        show({ is: "file", kind: "order", number });
        return "";
      }
      show(undefined);
      focusSoon(() => document.getElementById(`order-${number}`));
      return "";
    }
  }
}
