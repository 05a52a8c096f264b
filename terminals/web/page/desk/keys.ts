/** The keys of the desk: F-keys and Alt with digits, never plain letters, which an input method swallows. */
import { useEffect } from "preact/hooks";
import { Step } from "../gen/dispatch_pb";
import { Role } from "../gen/envelope_pb";
import type { Desk } from "../state/desk";
import { nextStep, silentTeams, sortedOrders } from "../state/orders";
import type { Form } from "./forms";
import type { Sheet } from "./sheets";

/** What the key's roles let it enter. It only leaves out buttons: the bus decides. */
export interface May {
  issue: boolean;
  report: boolean;
}

export function mayEnter(desk: Desk): May {
  return { issue: desk.can(Role.DESK) || desk.can(Role.COMMANDER), report: desk.can(Role.DESK) || desk.can(Role.CLERK) };
}

/** The part whose button has the focus, if one has. */
function focusedPart(desk: Desk): Form | undefined {
  const [number = "", team] = (document.activeElement?.getAttribute("data-part") ?? "").split("/");
  const order = desk.dispatch.orders.get(number);
  const part = order?.assignments.find((one) => one.team === team);
  const step = part === undefined ? undefined : nextStep(part);
  return order === undefined || part === undefined || step === undefined ? undefined : { is: "report", order, part, step };
}

/** The first team that has not answered: F4 is for it where no other is marked. */
function firstSilent(desk: Desk): Form | undefined {
  for (const order of sortedOrders(desk.dispatch.orders.values())) {
    const [part] = silentTeams(order);
    if (part !== undefined) return { is: "report", order, part, step: Step.ACKNOWLEDGED };
  }
  return undefined;
}

function focusNextSilent(): void {
  const all = [...document.querySelectorAll<HTMLElement>(".team.silent[data-part]")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[(at + 1) % all.length]?.focus();
}

/** Alt+1…5: the panes, and the sheets that lie over them. */
const PLACES: Record<string, { pane: string } | { sheet: Sheet }> = {
  Digit1: { pane: ".orders" },
  Digit2: { pane: ".duty" },
  Digit3: { pane: ".terms" },
  Digit4: { sheet: { is: "map" } },
  Digit5: { sheet: { is: "handover" } },
};

/** Once the panes are there again. */
function withPanes(show: (sheet: undefined) => void, then: () => void): void {
  if (document.querySelector("main.sheet") === null) return then();
  show(undefined);
  requestAnimationFrame(() => requestAnimationFrame(then));
}

function goTo(code: string, show: (sheet: Sheet | undefined) => void): boolean {
  const place = PLACES[code];
  if (place === undefined) return false;
  if ("sheet" in place) show(place.sheet);
  else withPanes(show, () => document.querySelector<HTMLElement>(place.pane)?.focus());
  return true;
}

function formOf(desk: Desk, may: May, code: string): Form | undefined {
  const marked = focusedPart(desk);
  switch (code) {
    case "F2":
      return may.issue ? { is: "issue", target: "" } : undefined;
    case "F4":
      return may.report ? (marked ?? firstSilent(desk)) : undefined;
    case "F7":
      return may.report ? marked : undefined;
    default: // F8
      return may.issue && marked?.is === "report" ? { is: "cancel", order: marked.order } : undefined;
  }
}

export function useKeys(desk: Desk, may: May, open: (form: Form) => void, show: (sheet: Sheet | undefined) => void): void {
  useEffect(() => {
    const act = (event: KeyboardEvent): boolean => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
      if (event.altKey) return goTo(event.code, show);
      if (event.code === "F6") withPanes(show, focusNextSilent);
      else if (event.code === "F9") print();
      else if (["F2", "F4", "F7", "F8"].includes(event.code)) {
        const wanted = formOf(desk, may, event.code);
        if (wanted !== undefined) open(wanted);
      } else return false;
      return true;
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || document.querySelector("dialog[open]") !== null) return;
      if (act(event)) event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [desk, may.issue, may.report]);
}
