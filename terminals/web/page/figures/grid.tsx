/** The table of figures: every number is a button that opens its records; arrow keys go from one to the next. */
import { useRef, useState } from "preact/hooks";
import { By, Figure, FigureSchema } from "../gen/stats_pb";
import type { Cell, FiguresAsked, FiguresTold } from "../state/figures";
import { around, isTime, type Range, rangeOfPart } from "../state/periods";
import { tr } from "../words";
import { beside, changeText, type Note, notesOf, partOf, type Row, signed, type Table, totalOf } from "./table";
import { partTitle, rowTitle, wholeTitle } from "./titles";
import type { Opened } from "./records";

interface GridProps {
  table: Table;
  told: FiguresTold;
  drawn: Row;
  draw(row: Row): void;
  open(opened: Opened): void;
}

function within(range: Range, inner: Range): Range {
  const to = range.to === 0 ? inner.to : Math.min(range.to, inner.to);
  return { from: Math.max(range.from, inner.from), to };
}

/** What a number is the sum of. `part` undefined: the whole row. */
export function cellOf(row: Row, by: By, part: string | undefined, range: Range): Cell {
  const cell = { figure: row.figure, kind: row.kind ?? "", range, township: "", team: "", dutyShift: "", department: "" };
  if (part === undefined) return cell;
  const ofTime = isTime(by) ? rangeOfPart(by, part) : undefined;
  if (ofTime !== undefined) return { ...cell, range: within(range, ofTime) };
  if (by === By.TOWNSHIP) return { ...cell, township: part };
  if (by === By.TEAM) return { ...cell, team: part };
  if (by === By.DEPARTMENT) return { ...cell, department: part };
  return by === By.KIND ? { ...cell, kind: part } : { ...cell, dutyShift: part };
}

/** What a part is beside, as beside() counts it. */
function earlierCell(row: Row, by: By, part: string | undefined, { earlier }: FiguresAsked): Cell | undefined {
  const own = part !== undefined && isTime(by) ? rangeOfPart(by, part) : undefined;
  if (own !== undefined) return own.from <= 1 ? undefined : cellOf(row, by, undefined, around(by, own.from - 1));
  return earlier === undefined ? undefined : cellOf(row, by, part, earlier);
}

export function openedOf(row: Row, by: By, part: string | undefined, asked: FiguresAsked): Opened {
  const of = part === undefined ? "" : ` · ${partTitle(by, part)}`;
  return { cell: cellOf(row, by, part, asked.range), earlier: earlierCell(row, by, part, asked), title: `${wholeTitle(row)}${of}` };
}

interface Shown {
  key: string;
  value: number;
  beside: number | undefined;
  opened: Opened;
}

function numbersOf({ by, parts }: Table, row: Row, told: FiguresTold): Shown[] {
  const { asked } = told;
  const total = totalOf(row, told.now);
  const before = told.before === undefined ? undefined : totalOf(row, told.before);
  if (by === By.BY_NOTHING) {
    const now = { key: "now", value: total, beside: undefined, opened: openedOf(row, by, undefined, asked) };
    if (before === undefined || asked.earlier === undefined) return [now];
    const opened = { cell: cellOf(row, by, undefined, asked.earlier), earlier: undefined, title: now.opened.title };
    return [now, { key: "before", value: before, beside: undefined, opened }];
  }
  const all = parts.map((part) => ({
    key: part,
    value: partOf(row, part, told.now),
    beside: beside(row, part, by, told),
    opened: openedOf(row, by, part, asked),
  }));
  return [{ key: "total", value: total, beside: before, opened: openedOf(row, by, undefined, asked) }, ...all];
}

function Delta({ now, before }: { now: number; before: number | undefined }) {
  if (before === undefined || (now === 0 && before === 0)) return <span class="delta" />;
  const difference = now - before;
  return <span class={`delta${difference === 0 ? " same" : ""}`} title={tr("period before: %d", before)}>{difference === 0 ? "=" : signed(difference)}</span>;
}

function headings({ by, parts }: Table, told: FiguresTold): string[] {
  if (by !== By.BY_NOTHING) return [tr("Total"), ...parts.map((part) => partTitle(by, part))];
  return told.before === undefined ? [tr("Count")] : [tr("Count"), tr("Period before"), tr("Difference"), tr("Change")];
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  Home: [0, -1e6], End: [0, 1e6], PageUp: [-10, 0], PageDown: [10, 0],
};

/** One number of the table can be reached by Tab, the others from there by arrows. */
function useArrows(rows: number, columns: number) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(most - 1, value));
  const place = [clamp(at[0], rows), clamp(at[1], columns)] as const;
  const go = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = [clamp(place[0] + step[0], rows), clamp(place[1] + step[1], columns)] as const;
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.join(" ")}"]`)?.focus();
  };
  return { table, place, setAt, go };
}

function noteText({ row, is, sum, total }: Note, by: By): string {
  const title = rowTitle(row);
  if (is === "state") return tr("%s: a state, as of the end of each column; they do not add up", title);
  if (is === "overlap") {
    return tr("%s: the columns overlap, since an operation of several teams counts for each of them; together they are %d, without overlap %d", title, sum, total);
  }
  const left = total - sum;
  if (by === By.TOWNSHIP) return tr("%s: %d are of no township, and are in the total alone", title, left);
  if (by === By.DUTY_SHIFT) return tr("%s: %d at times when the rota has no shift; in the total alone", title, left);
  return tr("%s: %d are of no team, and are in the total alone", title, left);
}

export function Notes({ table, told }: { table: Table; told: FiguresTold }) {
  const notes = notesOf(table, told);
  const isPartial = table.by === By.TEAM || table.by === By.KIND || table.by === By.DUTY_SHIFT ||
    table.by === By.TOWNSHIP;
  if (notes.length === 0 && !isPartial) return null;
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note.row.figure}>{noteText(note, table.by)}</li>
      ))}
      {isPartial && <li>{tr("Figures that are not counted so, or of which there is nothing, are not shown.")}</li>}
    </ul>
  );
}

function isSame(a: Row, b: Row): boolean {
  return a.figure === b.figure && a.kind === b.kind;
}

export function Grid({ table, told, drawn, draw, open }: GridProps) {
  const titles = headings(table, told);
  const columns = table.by === By.BY_NOTHING ? (told.before === undefined ? 1 : 2) : titles.length;
  const arrows = useArrows(table.rows.length, columns);
  return (
    <table ref={arrows.table} class="figures" onKeyDown={arrows.go}>
      <thead>
        <tr>
          <th scope="col">{tr("Figure")}</th>
          {titles.map((title) => (
            <th key={title} scope="col" class="right">{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, r) => {
          const numbers = numbersOf(table, row, told);
          return (
            <tr key={`${row.figure} ${row.kind ?? ""}`} data-figure={FigureSchema.value[row.figure]?.name.toLowerCase()} data-kind={row.kind} class={`${row.kind === undefined ? "whole" : "kind"}${isSame(row, drawn) ? " drawn" : ""}`}>
              <th scope="row">
                <button type="button" class="plain" aria-pressed={isSame(row, drawn)} title={tr("Draw it")} onClick={() => draw(row)}>
                  {rowTitle(row)}
                </button>
              </th>
              {numbers.map((number, c) => (
                <td key={number.key} class="right">
                  <button
                    type="button"
                    class={`cell number${number.value === 0 ? " zero" : ""}`}
                    data-at={`${r} ${c}`}
                    tabIndex={r === arrows.place[0] && c === arrows.place[1] ? 0 : -1}
                    aria-label={tr("%s: %d, its records", number.opened.title, number.value)}
                    onFocus={() => arrows.setAt([r, c])}
                    onClick={() => open(number.opened)}
                  >
                    {number.value}
                  </button>
                  {table.by !== By.BY_NOTHING && <Delta now={number.value} before={number.beside} />}
                </td>
              ))}
              {table.by === By.BY_NOTHING && told.before !== undefined && <Differences row={row} told={told} />}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Differences({ row, told }: { row: Row; told: FiguresTold }) {
  const [now, before] = [totalOf(row, told.now), totalOf(row, told.before)];
  const isLedger = row.figure === Figure.LEDGER;
  return (
    <>
      <td class={`right number${now === before ? " zero" : ""}`}>{signed(now - before)}</td>
      <td class={`right number${isLedger ? " quiet" : ""}`}>{changeText(now, before)}</td>
    </>
  );
}
