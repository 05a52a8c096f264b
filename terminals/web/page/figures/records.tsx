/** What stands behind a number: every record of it, with who and when. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Event as Envelope } from "../gen/envelope_pb";
import type { Entry } from "../gen/stats_pb";
import { fetchRecords } from "../link/ask";
import type { Link } from "../link/link";
import { nameOnly, person } from "../shell/names";
import type { Desk } from "../state/desk";
import { askRecords, type Cell } from "../state/figures";
import { dayText, instant } from "../state/periods";
import { service, tr } from "../words";
import { kindTitle } from "../shell/kinds";
import { rangeTitle } from "./titles";

export interface Opened {
  cell: Cell;
  earlier: Cell | undefined; // what it is beside
  title: string;
}

const SHOWN_FIRST = 100; // and as many more each time: a page of thousands of rows is not read by anybody

/** As lq has it. */
export function recordName({ stream, seq }: Entry): string {
  return `${stream}#${seq}`;
}

async function askWho(link: Link, entries: readonly Entry[]): Promise<Map<string, Envelope>> {
  const who = new Map<string, Envelope>();
  for (const stream of new Set(entries.map((one) => one.stream))) {
    const all = new Set(entries.filter((one) => one.stream === stream).map((one) => one.seq));
    const rising = [...all].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const event of await fetchRecords(link, stream, rising)) who.set(`${stream}#${event.seq}`, event);
  }
  return who;
}

function Who({ desk, event }: { desk: Desk; event: Envelope | undefined }) {
  if (event === undefined) return <td />;
  const actor = event.actor.startsWith("@") ? service(event.actor.slice(1)) : person(desk, event.actor);
  const both = event.onBehalfOf === "" ? actor : tr("%s for %s", actor, nameOnly(desk, event.onBehalfOf));
  return (
    <td title={event.reason}>
      {both} <span class="quiet number">{instant(Number(event.recordedAtMs))}</span>
    </td>
  );
}

function EntryRow({ desk, entry, event }: { desk: Desk; entry: Entry; event: Envelope | undefined }) {
  const teams = [entry.team, ...entry.teams].filter(Boolean).join(" ");
  return (
    <tr>
      <td class="number">{entry.atMs === 0n ? dayText(entry.onDay) : instant(Number(entry.atMs))}</td>
      <td>{entry.number}</td>
      <td>{entry.kind === "" ? "" : kindTitle(entry.kind)}</td>
      <td>{entry.township}</td>
      <td>{teams}</td>
      <td>{entry.person === "" ? "" : person(desk, entry.person)}</td>
      <td>{entry.beside}</td>
      <td class="right number">{entry.amount}</td>
      <Who desk={desk} event={event} />
      <td class="record">{recordName(entry)}</td>
    </tr>
  );
}

function Head() {
  return (
    <tr>
      <th scope="col">{tr("When")}</th>
      <th scope="col">{tr("Number")}</th>
      <th scope="col">{tr("Kind")}</th>
      <th scope="col">{tr("Township")}</th>
      <th scope="col">{tr("Team")}</th>
      <th scope="col">{tr("Person")}</th>
      <th scope="col">{tr("Beside")}</th>
      <th scope="col" class="right">{tr("Amount")}</th>
      <th scope="col">{tr("Entered by")}</th>
      <th scope="col">{tr("Record")}</th>
    </tr>
  );
}

interface Loaded {
  entries: Entry[];
  who: Map<string, Envelope>;
}

/** The records of a cell, and who entered those that are shown; again when something was booked. */
function useRecords(link: Link, cell: Cell, asOf: bigint, shown: number): { loaded: Loaded | undefined; fault: string } {
  const [loaded, setLoaded] = useState<Loaded>();
  const [fault, setFault] = useState("");
  useEffect(() => {
    let over = false;
    const load = async (): Promise<void> => {
      const entries = await askRecords(link, cell);
      if (!over) setLoaded((before) => ({ entries, who: before?.who ?? new Map() }));
      const who = await askWho(link, entries.slice(0, shown));
      if (!over) setLoaded({ entries, who });
    };
    load().catch((error: unknown) => !over && setFault(error instanceof Error ? error.message : String(error)));
    return () => {
      over = true;
    };
  }, [cell, asOf, shown]);
  return { loaded, fault };
}

export function Records({ desk, opened, asOf, close }: { desk: Desk; opened: Opened; asOf: bigint; close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState(SHOWN_FIRST);
  const [isEarlier, setEarlier] = useState(false);
  const cell = isEarlier && opened.earlier !== undefined ? opened.earlier : opened.cell;
  const { loaded, fault } = useRecords(desk.link, cell, asOf, shown);
  useEffect(() => dialog.current?.showModal(), []);
  const entries = loaded?.entries ?? [];
  return (
    <dialog ref={dialog} class="records" onClose={close} aria-labelledby="records-title">
      <header>
        <h2 id="records-title">{opened.title}</h2>
        <p class="quiet">
          {rangeTitle(cell.range)}{" "}
          {loaded !== undefined && <span class="sum">{tr("%d records, which add up to %d", entries.length, entries.reduce((sum, one) => sum + one.amount, 0))}</span>}
        </p>
        {opened.earlier !== undefined && (
          <button type="button" class="small" onClick={() => setEarlier(!isEarlier)}>
            {isEarlier ? tr("this period") : tr("the one before")}
          </button>
        )}
        <button type="button" class="plain" onClick={() => dialog.current?.close()}>
          {tr("Close")} <kbd>Esc</kbd>
        </button>
      </header>
      {fault !== "" && <p class="alarm" role="alert">{fault}</p>}
      {loaded?.entries.length === 0 && <p class="empty">{tr("There are no records.")}</p>}
      {loaded === undefined && fault === "" && <p class="quiet">{tr("The records are being asked for …")}</p>}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="records-title">
        <table>
          <thead>
            <Head />
          </thead>
          <tbody>
            {entries.slice(0, shown).map((entry, i) => (
              <EntryRow key={i} desk={desk} entry={entry} event={loaded?.who.get(recordName(entry))} />
            ))}
          </tbody>
        </table>
      </div>
      {entries.length > shown && (
        <p>
          <button type="button" onClick={() => setShown(shown + SHOWN_FIRST)}>
            {tr("%d more, of %d", Math.min(SHOWN_FIRST, entries.length - shown), entries.length - shown)}
          </button>
        </p>
      )}
    </dialog>
  );
}
