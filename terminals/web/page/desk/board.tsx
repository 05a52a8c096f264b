/** The desk's board: everything at one look, and how fresh it is. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Order, Step } from "../gen/dispatch_pb";
import { RoleSchema } from "../gen/envelope_pb";
import { staleMs } from "../shell/fresh";
import { Banners, Head } from "../shell/head";
import { useLive } from "../shell/live";
import type { Desk } from "../state/desk";
import { loadCatalog } from "../shell/told";
import { tr, word } from "../words";
import { Acts } from "../shell/acts";
import { Calls, OnDuty, Terms } from "./aside";
import { CommandLine } from "./command_line";
import { type Form, OpenForm } from "./forms";
import { HappenedPane } from "./happened";
import { mayEnter, type May, useKeys } from "./keys";
import { person } from "../shell/names";
import { Places } from "../state/places";
import { type CardActs, Orders } from "./orders";
import { type Sheet, SheetPane } from "./sheets";
import { ToneButton, useTone } from "../shell/sound";
import { view } from "./view";
import type { Tone, Waiting } from "../shell/tone";
import { hasNobody, nextStep, silentTeams } from "../state/orders";

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
  const over = new Set(terms.filter((term) => term.kind === "order" && Number(term.dueMs) <= nowMs).map(({ number }) => number));
  if (silent.some(({ number }) => over.has(number))) return "over";
  if (desk.dispatch.orders.values().some(hasNobody)) return "over";
  return silent.length > 0 || desk.dispatch.calls.values().length > 0 ? "new" : undefined;
}

/** Who has the desk, and whose key this is. */
function factsOf(desk: Desk): readonly (readonly [string, string])[] {
  const chief = desk.handover?.inCharge ?? "";
  const roles = (desk.self?.roles ?? []).map((role) => word(RoleSchema, role)).join(" ");
  return [
    [tr("Desk chief"), chief === "" ? tr("nobody has signed") : person(desk, chief)],
    [tr("This terminal"), desk.self === undefined ? "" : `${person(desk, desk.self.badge)} ${roles}`],
  ];
}

/** A shift that is over and not handed over. */
function handoverDue(desk: Desk, nowMs: number): string {
  const handover = desk.handover?.handover;
  if (handover === undefined || handover.signedAtMs !== 0n || Number(handover.dueMs) > nowMs) return "";
  return tr("Shift %s is not handed over.", handover.number);
}

/** The tab says how many have not answered, also when another is in front. */
function useTitle(desk: Desk): void {
  const silent = silentOrders(desk).reduce((sum, order) => sum + silentTeams(order).length, 0);
  useEffect(() => {
    const title = `${tr("Lianqin")} · ${tr("Desk")}`;
    document.title = silent > 0 ? `(${silent}) ${title}` : title;
  }, [silent]);
}

interface PanesProps {
  desk: Desk;
  nowMs: number;
  may: May;
  open(form: Form): void;
  show(sheet: Sheet): void;
}

function Panes({ desk, nowMs, may, open, show }: PanesProps) {
  // The same as long as they do the same: cards are rendered again when what they were given has changed.
  const acts = useMemo<CardActs>(
    () => ({
      cancel: may.issue ? (order) => open({ is: "cancel", order }) : undefined,
      report: may.report ? (order, part) => open({ is: "report", order, part, step: nextStep(part) ?? Step.FINISHED }) : undefined,
      file: (number) => show({ is: "file", kind: "premises", number }),
    }),
    [may.issue, may.report, open, show],
  );
  return (
    <main>
      <Orders desk={desk} nowMs={nowMs} issue={may.issue ? () => open({ is: "issue", target: "" }) : undefined} {...acts} />
      <div class="aside">
        <Calls desk={desk} decide={may.issue ? (call) => open({ is: "call", call }) : undefined} />
        <OnDuty desk={desk} nowMs={nowMs} />
        <Terms desk={desk} nowMs={nowMs} />
      </div>
      <HappenedPane desk={desk} nowMs={nowMs} />
    </main>
  );
}

/** The panes of the desk with its command line; a sheet lies over the panes, never over what the head and the line say. */
function DeskPanes({ desk, acts, nowMs, form, open }: { desk: Desk; acts: Acts; nowMs: number; form: Form | undefined; open(form: Form | undefined): void }) {
  const places = useMemo(() => new Places(desk), [desk]);
  const [sheet, show] = useState<Sheet>();
  const [lastOrder, issued] = useState("");
  const may = mayEnter(desk);
  places.catchUp();
  useKeys({ desk, may, sheet, open, show });
  return (
    <>
      {sheet === undefined ? (
        <Panes desk={desk} nowMs={nowMs} may={may} open={open} show={show} />
      ) : (
        <SheetPane desk={desk} acts={acts} places={places} nowMs={nowMs} mayIssue={may.issue} sheet={sheet} show={show} open={open} />
      )}
      <CommandLine
        desk={desk} acts={acts} places={places} mayAct={may.issue || may.report} lastOrder={lastOrder} issued={issued}
        open={(act) => view(desk, act, show)} show={show}
      />
      {form !== undefined && <OpenForm desk={desk} acts={acts} places={places} form={form} close={() => open(undefined)} />}
    </>
  );
}

function useActs(desk: Desk, tone: Tone): Acts {
  const acts = useMemo(() => new Acts(desk), [desk]);
  acts.onDecided = (decided) => tone.tell(decided.is === "accepted" ? "accepted" : "refused");
  return acts;
}

export function Board({ desk }: { desk: Desk }) {
  useLive(desk);
  const [form, setForm] = useState<Form>();
  const nowMs = desk.nowMs();
  const tone = useTone(nowMs === undefined ? undefined : waits(desk, nowMs));
  const acts = useActs(desk, tone);
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
      <Head desk={desk} title={tr("Desk")} nowMs={nowMs} facts={factsOf(desk)} mark={<ToneButton desk={desk} tone={tone} />}>
        <Counts desk={desk} />
      </Head>
      <Banners desk={desk} nowMs={nowMs} more={due === "" ? [] : [due]} />
      {!ready && <main class="waiting">{tr("The board is being asked for …")}</main>}
      {ready && <DeskPanes desk={desk} acts={acts} nowMs={nowMs} form={form} open={setForm} />}
    </div>
  );
}
