/** The liaison's page: the figures beside those before, each with its records; cases, and the terms that run. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { By, Figure } from "../gen/stats_pb";
import { staleMs } from "../shell/fresh";
import { Banners, Head } from "../shell/head";
import { useLive } from "../shell/live";
import { usePrintKey } from "../shell/print";
import { saveFile } from "../shell/save";
import { loadCatalog } from "../shell/told";
import { Cases } from "../state/cases";
import type { Desk } from "../state/desk";
import { Figures, type FiguresTold } from "../state/figures";
import { type Choice, dayOfMs, earlierOf, rangeOf, readChoice, timeFor, writeChoice } from "../state/periods";
import { language, learn, service, tr } from "../words";
import { CasesPane } from "./cases";
import { Chart } from "./chart";
import { Controls } from "./controls";
import { checksum, figuresCsv } from "./csv";
import { Grid, Notes, openedOf } from "./grid";
import { type Opened, Records } from "./records";
import { type Row, tableOf } from "./table";
import { isOver, running, TermsPane } from "./terms";
import { command, rangeTitle } from "./titles";

/** How many terms are over: the first thing to be seen. */
function Overdue({ desk, nowMs }: { desk: Desk; nowMs: number | undefined }) {
  const over = nowMs === undefined ? 0 : running(desk).filter((one) => isOver(one, nowMs)).length;
  if (over === 0) return null;
  return (
    <ul class="counts">
      <li class="alert"><a href="#due">{tr("%d overdue", over)}</a></li>
    </ul>
  );
}

/** The foot of the page and of the print: what was asked for, and by what it can be checked. */
function Foot({ told }: { told: FiguresTold }) {
  const by = told.asked.parted;
  const { rows, text } = useMemo(() => figuresCsv(told, by), [told]);
  const [sum, setSum] = useState("");
  useEffect(() => void checksum(text).then(setSum), [text]);
  const words = language === "zh" ? " --words zh" : "";
  const counted = told.counted.map((one) => `${one.stream}#${one.seq}`).join(" ");
  return (
    <footer class="foot">
      <p>{tr("Asked for: %s", `${command(told.asked, by)} --csv${words}`)}</p>
      <p>{tr("%d rows, as of record %s; counted up to %s", rows, `stats#${told.asOf.seq}`, counted)}</p>
      <p>{tr("SHA-256 of the rows as CSV: %s", sum)}</p>
    </footer>
  );
}

function save(told: FiguresTold, ending: string, file: Blob): void {
  saveFile(`${command(told.asked, told.asked.parted).replace(/ --?/g, " ").replaceAll(" ", "-")}.${ending}`, file);
}

function saveCsv(told: FiguresTold): void {
  const { text } = figuresCsv(told, told.asked.parted);
  // Spreadsheets take a file without the mark for one in another encoding.
  save(told, "csv", new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
}

async function saveBook(told: FiguresTold): Promise<void> {
  learn(await import("../gen/later"));
  const { figuresBook } = await import("./book");
  save(told, "xlsx", await figuresBook(told));
}

/** What is chosen, in the address. */
function useChoice(): [Choice, (choice: Choice) => void] {
  const [choice, setChoice] = useState(() => readChoice(location.search));
  useEffect(() => {
    const back = (): void => setChoice(readChoice(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const choose = (next: Choice): void => {
    history.pushState(null, "", writeChoice(location.search, next));
    setChoice(next);
  };
  return [choice, choose];
}

const COLUMNS_BESIDE = 6; // a wider table has the page's whole width

function columnsOf({ now, asked }: FiguresTold): number {
  return asked.parted === By.BY_NOTHING ? 0 : new Set(now.parts.map((one) => one.part)).size;
}

interface FiguresPaneProps {
  told: FiguresTold;
  today: number;
  drawn: Row;
  draw(row: Row): void;
  open(opened: Opened): void;
}

function Heading({ told: { asked }, today }: { told: FiguresTold; today: number }) {
  const isRunning = asked.range.to >= today && asked.range.from <= today && asked.range.from !== 0 && asked.range.to !== asked.range.from;
  return (
    <h2 id="figures-title">
      {tr("Figures")}
      <span class="count">
        {asked.earlier === undefined ? rangeTitle(asked.range) : tr("%s, beside %s", rangeTitle(asked.range), rangeTitle(asked.earlier))}
        {isRunning && <b> {tr("This period is not over.")}</b>}
      </span>
    </h2>
  );
}

function FiguresPane({ told, today, drawn, draw, open }: FiguresPaneProps) {
  const table = useMemo(() => tableOf(told, told.asked.parted), [told]);
  return (
    <section class="pane sums" aria-labelledby="figures-title">
      <Heading told={told} today={today} />
      {table.by !== By.BY_NOTHING && table.parts.length === 0 && <p class="empty">{tr("Nothing is counted in this period.")}</p>}
      <div class="scroll">
        <Grid table={table} told={told} drawn={drawn} draw={draw} open={open} />
      </div>
      <Notes table={table} told={told} />
      <Foot told={told} />
    </section>
  );
}

export function FiguresPage({ desk }: { desk: Desk }) {
  const figures = useMemo(() => new Figures(desk.link), [desk]);
  const cases = useMemo(() => new Cases(desk), [desk]);
  const [choice, choose] = useChoice();
  const [drawn, draw] = useState<Row>({ figure: Figure.OPERATIONS, kind: undefined });
  const [opened, open] = useState<Opened>();
  useLive(desk, figures, cases);
  usePrintKey();
  useEffect(() => void loadCatalog().catch(() => undefined), []); // without it what services tell is in English
  useEffect(() => () => figures.stop(), [figures]);
  cases.catchUp();
  const nowMs = desk.nowMs();
  const today = nowMs === undefined ? 0 : dayOfMs(nowMs);
  if (today !== 0) {
    const range = rangeOf(choice, today);
    figures.choose({ range, earlier: earlierOf(range), by: choice.by === By.BY_NOTHING ? timeFor(range) : choice.by, parted: choice.by });
  }
  const { told } = figures;
  return (
    <div class={`reading${staleMs(desk) > 0 || desk.link.troubles.has("stats") ? " stale" : ""}`}>
      <Head desk={desk} title={tr("Figures and cases")} nowMs={nowMs}>
        <Overdue desk={desk} nowMs={nowMs} />
      </Head>
      <Banners desk={desk} nowMs={nowMs} more={figures.fault === "" ? [] : [`${service("stats")}: ${figures.fault}`]} />
      {nowMs === undefined ? (
        <main><p class="empty">{tr("The figures are being asked for …")}</p></main>
      ) : (
        <main class={told !== undefined && columnsOf(told) > COLUMNS_BESIDE ? "wide" : ""}>
          <Controls choice={choice} today={today} choose={choose} download={() => told !== undefined && saveCsv(told)} book={() => told !== undefined && void saveBook(told)} canDownload={told !== undefined} />
          {told !== undefined && <FiguresPane told={told} today={today} drawn={drawn} draw={draw} open={open} />}
          {told !== undefined && <Chart row={drawn} by={told.asked.by} told={told} open={(part) => open(openedOf(drawn, told.asked.by, part, told.asked))} />}
          <TermsPane desk={desk} nowMs={nowMs} />
          <CasesPane desk={desk} cases={cases} />
        </main>
      )}
      {opened !== undefined && told !== undefined && <Records desk={desk} opened={opened} asOf={told.asOf.seq} close={() => open(undefined)} />}
    </div>
  );
}
