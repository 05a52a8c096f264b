/** The desk's board: everything at one look, and how fresh it is. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Order, Step } from "../gen/dispatch_pb";
import { Role, RoleSchema } from "../gen/envelope_pb";
import { LinkMark, staleMs } from "../shell/fresh";
import { useLive } from "../shell/live";
import type { Desk } from "../state/desk";
import { loadCatalog } from "../shell/told";
import { troubles } from "../shell/trouble";
import { language, tr, word } from "../words";
import { ActLines, Acts } from "../shell/acts";
import { Calls, OnDuty, Terms } from "./aside";
import { type Form, OpenForm } from "./forms";
import { HappenedPane } from "./happened";
import { person } from "../shell/names";
import { Orders } from "./orders";
import { ToneButton, useTone } from "../shell/sound";
import { clock, day, length } from "../shell/time";
import type { Tone, Waiting } from "../shell/tone";
import { hasNobody, nextStep, silentTeams, sortedOrders } from "../state/orders";

function Counts({ desk }: { desk: Desk }) {
  const orders = desk.dispatch.orders.values();
  const silent = orders.reduce((sum, order) => sum + silentTeams(order).length, 0);
  const nobodys = orders.filter(hasNobody).length;
  const calls = desk.dispatch.calls.values().length;
  return (
    <ul class="counts">
      <li class={silent > 0 ? "alert" : ""}>
        <b class="number">{silent}</b> {tr("Not answered")}
      </li>
      {nobodys > 0 && (
        <li class="alert">
          <b class="number">{nobodys}</b> {tr("Without a team")}
        </li>
      )}
      <li>
        <b class="number">{orders.length}</b> {tr("Open")}
      </li>
      <li class={calls > 0 ? "alert" : ""}>
        <b class="number">{calls}</b> {tr("Calls")}
      </li>
    </ul>
  );
}

/** The orders on which somebody is silent. */
function silentOrders(desk: Desk): Order[] {
  return desk.dispatch.orders.values().filter((order) => silentTeams(order).length > 0);
}

/** What the tone tells of: teams that are silent, orders that nobody has, and calls. */
function waits(desk: Desk, nowMs: number): Waiting {
  const silent = silentOrders(desk);
  const terms = desk.terms.get("dispatch")?.values() ?? [];
  const isOver = (number: string): boolean => terms.some((term) => term.kind === "order" && term.number === number && Number(term.dueMs) <= nowMs);
  if (silent.some(({ number }) => isOver(number))) return "over";
  if (desk.dispatch.orders.values().some(hasNobody)) return "over";
  return silent.length > 0 || desk.dispatch.calls.values().length > 0 ? "new" : undefined;
}

function Head({ desk, nowMs, tone }: { desk: Desk; nowMs: number | undefined; tone: Tone }) {
  const chief = desk.handover?.inCharge ?? "";
  const roles = (desk.self?.roles ?? []).map((role) => word(RoleSchema, role)).join(" ");
  return (
    <header class="head">
      <h1>
        {tr("Lianqin")} <span>{tr("Desk")}</span>
      </h1>
      <Counts desk={desk} />
      <div class="time">
        <time class="number">{nowMs === undefined ? "--:--:--" : clock(nowMs)}</time>
        <span>{nowMs === undefined ? "" : day(nowMs)}</span>
      </div>
      <dl>
        <div>
          <dt>{tr("Desk chief")}</dt>
          <dd>{chief === "" ? tr("nobody has signed") : person(desk, chief)}</dd>
        </div>
        <div>
          <dt>{tr("This terminal")}</dt>
          <dd>{desk.self === undefined ? "" : `${person(desk, desk.self.badge)} ${roles}`}</dd>
        </div>
      </dl>
      <nav>
        <span class="marks">
          <ToneButton desk={desk} tone={tone} /> <LinkMark desk={desk} />
        </span>
        <a href={language === "zh" ? "?lang=en" : "?lang=zh"} lang={language === "zh" ? "en" : "zh-CN"}>
          {language === "zh" ? "English" : "中文"}
        </a>
      </nav>
    </header>
  );
}

function Stale({ desk, ms, nowMs }: { desk: Desk; ms: number; nowMs: number }) {
  const { state } = desk.link;
  const why = state.is === "down" && state.by === "refused" ? tr("The bus does not admit this key any more.") : "";
  return (
    <p class="banner" role="alert">
      <b>{tr("no link %s", length(ms))}</b> {tr("What stands below is as of %s.", clock(nowMs - ms))} {why}
    </p>
  );
}

/** A shift that is over and not handed over. */
function handoverDue(desk: Desk, nowMs: number): string {
  const handover = desk.handover?.handover;
  if (handover === undefined || handover.signedAtMs !== 0n || Number(handover.dueMs) > nowMs) return "";
  return tr("Shift %s is not handed over.", handover.number);
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

/** F-keys, never plain letters: an input method swallows those. */
function useKeys(desk: Desk, may: May, open: (form: Form) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || document.querySelector("dialog[open]") !== null) return;
      const marked = focusedPart(desk);
      const form: Record<string, Form | undefined> = {
        F2: may.issue ? { is: "issue" } : undefined,
        F4: may.report ? (marked ?? firstSilent(desk)) : undefined,
        F7: may.report ? marked : undefined,
        F8: may.issue && marked?.is === "report" ? { is: "cancel", order: marked.order } : undefined,
      };
      if (event.code !== "F6" && !(event.code in form)) return;
      event.preventDefault();
      const wanted = form[event.code];
      if (event.code === "F6") focusNextSilent();
      else if (wanted !== undefined) open(wanted);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [desk, may.issue, may.report]);
}

/** The tab says how many have not answered, also when another is in front. */
function useTitle(desk: Desk): void {
  const silent = silentOrders(desk).reduce((sum, order) => sum + silentTeams(order).length, 0);
  useEffect(() => {
    const title = `${tr("Lianqin")} · ${tr("Desk")}`;
    document.title = silent > 0 ? `(${silent}) ${title}` : title;
  }, [silent]);
}

/** What the key's roles let it enter. It only leaves out buttons: the bus decides. */
interface May {
  issue: boolean;
  report: boolean;
}

function mayEnter(desk: Desk): May {
  return { issue: desk.can(Role.DESK) || desk.can(Role.COMMANDER), report: desk.can(Role.DESK) || desk.can(Role.CLERK) };
}

interface PanesProps {
  desk: Desk;
  nowMs: number;
  may: May;
  open(form: Form): void;
}

function Panes({ desk, nowMs, may, open }: PanesProps) {
  return (
    <main>
      <Orders
        desk={desk}
        nowMs={nowMs}
        issue={may.issue ? () => open({ is: "issue" }) : undefined}
        cancel={may.issue ? (order) => open({ is: "cancel", order }) : undefined}
        report={may.report ? (order, part) => open({ is: "report", order, part, step: nextStep(part) ?? Step.FINISHED }) : undefined}
      />
      <div class="aside">
        <Calls desk={desk} nowMs={nowMs} decide={may.issue ? (call) => open({ is: "call", call }) : undefined} />
        <OnDuty desk={desk} nowMs={nowMs} />
        <Terms desk={desk} nowMs={nowMs} />
      </div>
      <HappenedPane desk={desk} nowMs={nowMs} />
    </main>
  );
}

export function Board({ desk }: { desk: Desk }) {
  useLive(desk);
  const acts = useMemo(() => new Acts(desk), [desk]);
  const [form, setForm] = useState<Form>();
  const may = mayEnter(desk);
  useKeys(desk, may, setForm);
  const nowMs = desk.nowMs();
  const tone = useTone(nowMs === undefined ? undefined : waits(desk, nowMs));
  const stale = staleMs(desk);
  useTitle(desk);
  const ready = nowMs !== undefined && desk.positions.has("dispatch") && !desk.isLead;
  useEffect(() => {
    if (ready) void loadCatalog().catch(() => undefined); // without it what services tell is in English
  }, [ready]);
  useEffect(() => {
    if (desk.isLead) location.replace(`/lead${location.search}`); // his card is a page of its own
  }, [desk.isLead]);
  const due = nowMs === undefined ? "" : handoverDue(desk, nowMs);
  return (
    <div class={`board${stale > 0 || desk.link.troubles.has("dispatch") ? " stale" : ""}`}>
      <Head desk={desk} nowMs={nowMs} tone={tone} />
      {stale > 0 && nowMs !== undefined && <Stale desk={desk} ms={stale} nowMs={nowMs} />}
      {due !== "" && <p class="banner notice">{due}</p>}
      {troubles(desk).map((text) => (
        <p key={text} class="banner notice" role="status">
          {text}
        </p>
      ))}
      {!ready && <main class="waiting">{tr("The board is being asked for …")}</main>}
      {ready && <Panes desk={desk} nowMs={nowMs} may={may} open={setForm} />}
      <ActLines acts={acts} />
      {form !== undefined && <OpenForm desk={desk} acts={acts} form={form} close={() => setForm(undefined)} />}
    </div>
  );
}
