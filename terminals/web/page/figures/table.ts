/**
 * The figures as a table: a row a figure or one of its kinds, a column a part, each number beside that of the period
 * before. The same rows and numbers as `lq stats` has, by the same rules (terminals/lq/stats/turned.c, beside.c).
 */
import { By, Figure, FigureSchema, type FiguresAnswer } from "../gen/stats_pb";
import type { FiguresAsked, FiguresTold } from "../state/figures";
import { isTime, partName, type Range, rangeOfPart } from "../state/periods";

export interface Row {
  figure: Figure;
  kind: string | undefined; // undefined: of all kinds
}

export interface Table {
  by: By; // BY_NOTHING: its columns are the two periods
  rows: Row[];
  parts: string[];
}

const WITH_KINDS: readonly Figure[] = [Figure.DISMANTLED, Figure.SEALED, Figure.SHUT_DOWN, Figure.LEDGER];

export const FIGURES: readonly Figure[] = FigureSchema.values.map((value) => value.number as Figure).filter((one) => one !== Figure.FIGURE_UNSPECIFIED);

export function hasKinds(figure: Figure): boolean {
  return WITH_KINDS.includes(figure);
}

interface Numbered {
  figure: Figure;
  kind: string;
  total: bigint;
}

function isOf(row: Row, one: Numbered): boolean {
  return one.figure === row.figure && (row.kind === undefined || row.kind === one.kind);
}

function sum(row: Row, all: readonly Numbered[]): number {
  return all.reduce((total, one) => (isOf(row, one) ? total + Number(one.total) : total), 0);
}

export function totalOf(row: Row, answer: FiguresAnswer | undefined): number {
  return sum(row, answer?.counts ?? []);
}

export function partOf(row: Row, part: string, answer: FiguresAnswer | undefined): number {
  return sum(row, answer?.parts.filter((one) => one.part === part) ?? []);
}

/** The kinds of a figure that one of the two periods has. */
function kindsOf(figure: Figure, { now, before }: FiguresTold): string[] {
  const all = [...now.counts, ...(before?.counts ?? [])].filter((one) => one.figure === figure);
  return [...new Set(all.map((one) => one.kind))];
}

function hasParts(row: Row, told: FiguresTold): boolean {
  return [...told.now.parts, ...(told.before?.parts ?? [])].some((one) => isOf(row, one));
}

/** Columns of time are those of this period; of other parts also those that only the period before has. */
function partsOf(told: FiguresTold, by: By): string[] {
  const earlier = isTime(by) ? [] : (told.before?.parts ?? []);
  return [...new Set([...told.now.parts, ...earlier].map((one) => one.part))].sort();
}

/** `by`: what the table is parted by; the answer may have parts that only the chart shows. */
export function tableOf(told: FiguresTold, by: By): Table {
  const rows: Row[] = FIGURES.flatMap((figure) => {
    const kinds = hasKinds(figure) && by !== By.KIND ? kindsOf(figure, told) : [];
    return [{ figure, kind: undefined }, ...kinds.map((kind) => ({ figure, kind }))];
  });
  if (by === By.BY_NOTHING) return { by, rows, parts: [] };
  return { by, rows: rows.filter((row) => hasParts(row, told)), parts: partsOf(told, by) };
}

// -------------------------------------------------------------- the period before

function covers({ from, to }: Range, inner: Range): boolean {
  return (from === 0 || from <= inner.from) && (to === 0 || to >= inner.to);
}

/** From the first day of the period before to the last of this one: the two follow each other. */
function both({ range, earlier }: FiguresAsked): Range {
  return { from: earlier?.from ?? range.from, to: range.to };
}

/** The part of time before one: the day, week or month. */
function previous(by: By, part: string): { name: string; range: Range } | undefined {
  const range = rangeOfPart(by, part);
  if (range === undefined || range.from <= 1) return undefined;
  const name = partName(by, range.from - 1);
  const before = rangeOfPart(by, name);
  return before === undefined ? undefined : { name, range: before };
}

// A week or month may lie in both periods; a state is that of its end.
function inBoth(row: Row, name: string, { now, before, asked }: FiguresTold, range: Range): number {
  if (row.figure !== Figure.LEDGER) return partOf(row, name, now) + partOf(row, name, before);
  const isNow = asked.range.from === 0 || range.to >= asked.range.from;
  return partOf(row, name, isNow ? now : before);
}

/**
 * What a part is beside: of a day, week or month the one before it, if both are whole; of a township, team, shift or
 * kind the same in the period before. undefined: there is nothing to be beside.
 */
export function beside(row: Row, part: string, by: By, told: FiguresTold): number | undefined {
  if (!isTime(by)) return told.before === undefined ? undefined : partOf(row, part, told.before);
  const own = rangeOfPart(by, part);
  const before = previous(by, part);
  if (own === undefined || before === undefined) return undefined;
  const is = covers(told.asked.range, own) && covers(both(told.asked), before.range);
  return is ? inBoth(row, before.name, told, before.range) : undefined;
}

/** In thousandths of the earlier, half of one rounded away from 0; undefined: there was nothing before. */
export function change(now: number, before: number): number | undefined {
  if (before === 0) return undefined;
  const difference = now - before;
  const size = Math.floor((Math.abs(difference) * 2000 + Math.abs(before)) / (Math.abs(before) * 2));
  return size === 0 ? 0 : difference < 0 === before < 0 ? size : -size;
}

/** "+12.5%", "-100%"; "—" where there was nothing before. */
export function changeText(now: number, before: number): string {
  const share = change(now, before);
  if (share === undefined) return "—";
  const size = Math.abs(share);
  const sign = share > 0 ? "+" : share < 0 ? "-" : "";
  return `${sign}${size % 10 === 0 ? size / 10 : (size / 10).toFixed(1)}%`;
}

export function signed(difference: number): string {
  return difference > 0 ? `+${difference}` : `${difference}`;
}

// -------------------------------------------------------------- what does not add up

export type Note = { row: Row; is: "state" | "overlap" | "none"; sum: number; total: number };

/** Figures whose columns do not add up to their total, and why (turned.c, note_on). */
export function notesOf(table: Table, { now }: FiguresTold): Note[] {
  if (table.by === By.BY_NOTHING) return [];
  return table.rows.flatMap((row): Note[] => {
    if (row.kind !== undefined) return [];
    const parts = sum(row, now.parts);
    const total = totalOf(row, now);
    if (isTime(table.by)) return row.figure === Figure.LEDGER ? [{ row, is: "state", sum: parts, total }] : [];
    if (parts === total) return [];
    return [{ row, is: parts > total ? "overlap" : "none", sum: parts, total }];
  });
}
