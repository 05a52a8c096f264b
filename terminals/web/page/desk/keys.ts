/**
 * The keys of the desk: F-keys and Alt with digits, never plain letters, which an input method swallows. What they do is told
 * in help.tsx.
 */
import { useEffect, useRef } from "preact/hooks";
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

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** To the next of these teams on the board, or the one before; round and round. */
function focusTeam(teams: string, by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(`${teams}[data-part]`)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length]?.focus();
}

/** Alt+0…6: the panes, the sheets that lie over them, and the way out. */
const PLACES: Record<string, { pane: string } | { sheet: Sheet } | { button: string }> = {
  Digit1: { pane: ".orders" },
  Digit2: { pane: ".duty" },
  Digit3: { pane: ".terms" },
  Digit4: { sheet: { is: "map" } },
  Digit5: { sheet: { is: "handover" } },
  Digit6: { pane: ".calls button" },
  Digit0: { button: ".head [data-key='Alt+0']" },
};

/** Once the panes are there again. */
function withPanes(show: (sheet: undefined) => void, then: () => void): void {
  if (document.querySelector("main.sheet") === null) return then();
  show(undefined);
  requestAnimationFrame(() => requestAnimationFrame(then));
}

type Show = (sheet: Sheet | undefined) => void;

function goTo(code: string, show: Show): boolean {
  const place = PLACES[code];
  if (place === undefined) return false;
  if ("sheet" in place) show(place.sheet);
  else if ("button" in place) document.querySelector<HTMLElement>(place.button)?.click();
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

interface Doing {
  desk: Desk;
  may: May;
  sheet: Sheet | undefined;
  open(form: Form): void;
  show: Show;
}

/** A form; where it is about a team and none is marked, the first is, so that it is seen what the key would be for. */
function openForm({ desk, may, open, show }: Doing, code: string): void {
  const wanted = formOf(desk, may, code);
  if (wanted !== undefined) open(wanted);
  else if (code === "F7" || code === "F8") withPanes(show, () => focusTeam(".team", 1));
}

/** Keys that are the field's own where somebody types. */
function actOutsideFields(event: KeyboardEvent, { show }: Doing): boolean {
  const isInOrders = event.target instanceof Element && event.target.closest(".orders") !== null;
  if (event.code === "Slash" && event.shiftKey) show({ is: "help" });
  else if (isInOrders && event.code === "ArrowDown") focusTeam(".orders .team", 1);
  else if (isInOrders && event.code === "ArrowUp") focusTeam(".orders .team", -1);
  else return false;
  return true;
}

/** False: it is no key of the desk. */
function act(event: KeyboardEvent, doing: Doing): boolean {
  const { sheet, show } = doing;
  if (event.ctrlKey || event.metaKey) return false;
  if (event.altKey) return !event.shiftKey && goTo(event.code, show);
  if (!isTyping(event.target) && actOutsideFields(event, doing)) return true;
  if (event.shiftKey) return false;
  if (event.code === "F1") show({ is: "help" });
  else if (event.code === "Escape" && sheet !== undefined) show(undefined);
  else if (event.code === "F6") withPanes(show, () => focusTeam(".team.silent", 1));
  else if (event.code === "F9") print();
  else if (["F2", "F4", "F7", "F8"].includes(event.code)) openForm(doing, event.code);
  else return false;
  return true;
}

export function useKeys(doing: Doing): void {
  const latest = useRef(doing);
  latest.current = doing; // what is drawn now, also for a key that comes at once
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // What the line or a field has taken, or an input method composes, is its own; a form has the keys for itself.
      if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      if (act(event, latest.current)) event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
