/** The rows of a file: to the byte those of `lq stats … --csv` (--words zh in Chinese), so that their checksum is one. */
import { By, type Figure, FigureSchema } from "../gen/stats_pb";
import { sha256 } from "../link/bytes";
import type { FiguresTold } from "../state/figures";
import { byKey } from "../state/periods";
import { language, word } from "../words";
import { change, FIGURES, hasKinds, totalOf } from "./table";
import { kindTitle } from "../shell/kinds";

export type Value = string | number | undefined;

// What a spreadsheet would take for a formula.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** RFC 4180, as lq writes it (terminals/lq/show/output.c). */
export function field(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const guarded = FORMULA.test(value) ? `'${value}` : value;
  return /[,"\r\n]|^[ \t]|[ \t]$/.test(value) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export function csvOf(rows: readonly (readonly Value[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function figureWord(figure: Figure): string {
  if (language === "zh") return word(FigureSchema, figure);
  return (FigureSchema.value[figure]?.name ?? String(figure)).toLowerCase();
}

function kindOf(kind: string): string {
  return language === "zh" ? kindTitle(kind) : kind;
}

function besideRows({ now, before }: FiguresTold): Value[][] {
  const row = (figure: Figure, kind: string): Value[] => {
    const [count, earlier] = [totalOf({ figure, kind }, now), totalOf({ figure, kind }, before)];
    return [figureWord(figure), kindOf(kind), count, earlier, count - earlier, change(count, earlier)];
  };
  return FIGURES.flatMap((figure) => {
    if (!hasKinds(figure)) return [row(figure, "")];
    const kinds = now.counts.filter((one) => one.figure === figure).map((one) => one.kind);
    const gone = (before?.counts ?? []).filter((one) => one.figure === figure && !kinds.includes(one.kind));
    return [...kinds, ...gone.map((one) => one.kind)].map((kind) => row(figure, kind));
  });
}

/** The rows, the first of which is the heading. */
export function figuresRows(told: FiguresTold, by: By): Value[][] {
  const { now, before } = told;
  if (by === By.BY_NOTHING && before !== undefined) return [["figure", "kind", "count", "earlier", "difference", "change_permille"], ...besideRows(told)];
  if (by === By.BY_NOTHING || by === By.KIND) {
    const counts = now.counts.filter((one) => by !== By.KIND || one.kind !== "");
    return [["figure", "kind", "count"], ...counts.map((one) => [figureWord(one.figure), kindOf(one.kind), Number(one.total)])];
  }
  const parts = now.parts.map((one) => [figureWord(one.figure), kindOf(one.kind), one.part, Number(one.total)]);
  return [["figure", "kind", byKey(by), "count"], ...parts];
}

/** How many rows there are beside the heading, and the text without a byte order mark. */
export function figuresCsv(told: FiguresTold, by: By): { rows: number; text: string } {
  const rows = figuresRows(told, by);
  return { rows: rows.length - 1, text: csvOf(rows) };
}

export function checksum(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
