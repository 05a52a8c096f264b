/** The desk's board: everything at one look, and how fresh it is. */
import { useEffect, useState } from "preact/hooks";
import { RoleSchema } from "../gen/envelope_pb";
import type { Desk } from "../state/desk";
import { language, service, tr, word } from "../words";
import { Calls, OnDuty, Terms } from "./aside";
import { HappenedPane } from "./happened";
import { person } from "./names";
import { hasNobody, Orders, silentTeams } from "./orders";
import { clock, day, length } from "./time";

const STALE_MS = 15_000; // without a sign of life
const DOWN_MS = 2_000; // a break that is shorter is not worth a word

/** Renders again whenever the desk has changed, and at each full second of the bus's clock. */
function useDesk(desk: Desk): void {
  const [, render] = useState(0);
  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout>;
    const again = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => render((n) => n + 1));
    };
    const tick = (): void => {
      again();
      timer = setTimeout(tick, 1000 - (Math.floor(desk.nowMs() ?? performance.now()) % 1000) + 5);
    };
    desk.onChange = again;
    desk.link.onState = again;
    tick();
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [desk]);
}

/** For how long the board has not been fresh; 0: it is. */
export function staleMs(desk: Desk): number {
  const { state, heardAt } = desk.link;
  const now = performance.now();
  const silence = now - heardAt;
  if (state.is === "open") return silence >= STALE_MS ? silence : 0;
  return now - state.since >= DOWN_MS ? silence : 0;
}

function troubleText(desk: Desk): string[] {
  const troubles = [...desk.link.troubles].map(([name, refusal]) => `${service(name)}: ${refusal.text}`);
  const failures = [...desk.failures].map(([name, text]) => `${service(name)}: ${text}`);
  return [...troubles, ...failures];
}

function LinkMark({ desk }: { desk: Desk }) {
  const stale = staleMs(desk);
  if (stale > 0) return <span class="link down" role="status">{tr("no link %s", length(stale))}</span>;
  return desk.link.state.is === "open" ? <span class="link up">{tr("Online")}</span> : <span class="link">{tr("Connecting")}</span>;
}

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

function Head({ desk, nowMs }: { desk: Desk; nowMs: number | undefined }) {
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
        <LinkMark desk={desk} />
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

export function Board({ desk }: { desk: Desk }) {
  useDesk(desk);
  const nowMs = desk.nowMs();
  const stale = staleMs(desk);
  const ready = nowMs !== undefined && desk.positions.has("dispatch");
  const due = nowMs === undefined ? "" : handoverDue(desk, nowMs);
  return (
    <div class={`board${stale > 0 ? " stale" : ""}`}>
      <Head desk={desk} nowMs={nowMs} />
      {stale > 0 && nowMs !== undefined && <Stale desk={desk} ms={stale} nowMs={nowMs} />}
      {due !== "" && <p class="banner notice">{due}</p>}
      {troubleText(desk).map((text) => (
        <p key={text} class="banner notice" role="status">
          {text}
        </p>
      ))}
      {ready ? (
        <main>
          <Orders desk={desk} nowMs={nowMs} />
          <div class="aside">
            <Calls desk={desk} nowMs={nowMs} />
            <OnDuty desk={desk} nowMs={nowMs} />
            <Terms desk={desk} nowMs={nowMs} />
          </div>
          <HappenedPane desk={desk} nowMs={nowMs} />
        </main>
      ) : (
        <main class="waiting">
          <p>{tr("The board is being asked for …")}</p>
        </main>
      )}
    </div>
  );
}
