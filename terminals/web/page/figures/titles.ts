/** What figures, their kinds and parts are called, and the command of lq that has the same. */
import { By, BySchema, FigureSchema } from "../gen/stats_pb";
import { kindTitle } from "../shell/kinds";
import type { FiguresAsked } from "../state/figures";
import { byKey, dayText, partName, type Range } from "../state/periods";
import { kindWord, tr, word } from "../words";
import type { Row } from "./table";

export function rowTitle({ figure, kind }: Row): string {
  return kind === undefined ? word(FigureSchema, figure) : kindTitle(kind);
}

/** "拆除 · 冲天炉" */
export function wholeTitle(row: Row): string {
  return [word(FigureSchema, row.figure), row.kind === undefined ? "" : kindTitle(row.kind)].filter(Boolean).join(" · ");
}

export function byTitle(by: By): string {
  return by === By.BY_NOTHING ? tr("Period before") : word(BySchema, by);
}

export function partTitle(by: By, part: string): string {
  if (by === By.KIND) return kindTitle(part);
  return by === By.DUTY_SHIFT || by === By.DEPARTMENT ? kindWord(part) : part;
}

export function rangeTitle({ from, to }: Range): string {
  if (from === 0 && to === 0) return tr("from the beginning until now");
  return from === to ? dayText(from) : tr("%s to %s", dayText(from), dayText(to));
}

/** What to type for the same rows. */
export function command({ range, earlier }: FiguresAsked, by: By): string {
  const days = range.from === 0 ? "" : ` --from ${dayText(range.from)} --to ${dayText(range.to)}`;
  const parts = by === By.BY_NOTHING ? "" : ` --by ${byKey(by)}`;
  return `lq stats${days}${parts}${by === By.BY_NOTHING && earlier !== undefined ? compare(range, earlier) : ""}`;
}

// Of another length is only the month before a month.
function compare(range: Range, earlier: Range): string {
  const isAsLong = range.to - range.from === earlier.to - earlier.from;
  return isAsLong ? " --compare last" : ` --compare ${partName(By.MONTH, earlier.from)}`;
}
