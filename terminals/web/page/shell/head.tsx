/** The head of a page that is read: which it is, the bus's time, whose key it is, the way to the other pages; and what is wrong. */
import type { ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../state/desk";
import { language, TR, tr } from "../words";
import { LinkMark, staleMs } from "./fresh";
import { LeavingContext } from "./leaving";
import { person } from "./names";
import { clock, day, length } from "./time";
import { troubles } from "./trouble";

const PAGES: readonly [string, string][] = [["/", TR("Desk")], ["/figures", TR("Figures and cases")], ["/papers", TR("Papers")], ["/wall", TR("Wall")]];

/** The language alone goes along: what else stands in an address is the page's. */
function addressOf(path: string): string {
  return language === "en" ? `${path}?lang=en` : path;
}

type LeaveForm = typeof import("./leave").LeaveForm;

/** The way out, for whoever comes next to this machine. Alt+0 as well. */
function Leave({ desk }: { desk: Desk }) {
  const leaving = useContext(LeavingContext);
  const [Form, open] = useState<{ show: LeaveForm }>();
  if (leaving === undefined) return null;
  const ask = (): void => void import("./leave").then(({ LeaveForm }) => open({ show: LeaveForm }), () => undefined);
  return (
    <>
      <button type="button" class="plain" data-key="Alt+0" title="Alt+0" onClick={ask}>{tr("Leave")}</button>
      {Form !== undefined && <Form.show leaving={leaving} who={desk.self === undefined ? "" : person(desk, desk.self.badge)} close={() => open(undefined)} />}
    </>
  );
}

/** The ways to the other pages, to this one in the other language, and out. */
function Ways({ desk }: { desk: Desk }) {
  const other = new URLSearchParams(location.search);
  other.set("lang", language === "zh" ? "en" : "zh");
  return (
    <span class="ways">
      {PAGES.filter(([path]) => path !== location.pathname).map(([path, title]) => (
        <a key={path} href={addressOf(path)}>{tr(title)}</a>
      ))}
      <a href={`?${other}`} lang={language === "zh" ? "en" : "zh-CN"}>{language === "zh" ? "English" : "中文"}</a>
      <Leave desk={desk} />
    </span>
  );
}

interface HeadProps {
  desk: Desk;
  title: string;
  nowMs: number | undefined;
  /** What it says of people: a title and the words each; usually whose key it is. */
  facts?: readonly (readonly [string, string])[];
  /** Stands before the mark of the link. */
  mark?: ComponentChildren;
  /** What is counted in the head. */
  children?: ComponentChildren;
}

export function Head({ desk, title, nowMs, facts, mark, children }: HeadProps) {
  const said = facts ?? [[tr("This terminal"), desk.self === undefined ? "" : person(desk, desk.self.badge)]];
  return (
    <header class="head">
      <h1>
        {tr("Lianqin")} <span>{title}</span>
      </h1>
      {children}
      <div class="time">
        <time class="number">{nowMs === undefined ? "--:--:--" : clock(nowMs)}</time>
        <span>{nowMs === undefined ? "" : day(nowMs)}</span>
      </div>
      <dl>
        {said.map(([what, text]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <nav>
        <span class="marks">
          {mark} <LinkMark desk={desk} />
        </span>
        <Ways desk={desk} />
      </nav>
    </header>
  );
}

/** Since when nothing has come, and what services and this page's own questions (`more`) have to tell. */
export function Banners({ desk, nowMs, more }: { desk: Desk; nowMs: number | undefined; more: readonly string[] }) {
  const stale = staleMs(desk);
  const { state } = desk.link;
  const why = state.is === "down" && state.by === "refused" ? tr("The bus does not admit this key any more.") : "";
  return (
    <>
      {stale > 0 && nowMs !== undefined && (
        <p class="banner" role="alert">
          <b>{tr("no link %s", length(stale))}</b> {tr("What stands below is as of %s.", clock(nowMs - stale))} {why}
        </p>
      )}
      {desk.isOutdated && (
        <p class="banner notice" role="status">
          {tr("There is a new version of this page; parts of this one can no longer be opened.")}{" "}
          <button type="button" onClick={() => location.reload()}>{tr("Open the new one")}</button>
        </p>
      )}
      {[...troubles(desk), ...more].map((text) => (
        <p key={text} class="banner notice" role="status">{text}</p>
      ))}
    </>
  );
}

