/** Civil days, ISO weeks and months of the county, as days since 1970; and the period that lies before one. */
import { By } from "../gen/stats_pb";

/** Days, both counted; 0: that end is open. */
export interface Range {
  from: number;
  to: number;
}

export type Period = "day" | "week" | "month" | "range" | "all";

/** What is looked at: the period that has the day `at` in it (0: today), or the days of `range`. */
export interface Choice {
  period: Period;
  at: number;
  range: Range;
  by: By;
}

const DAY_MS = 86_400_000;
const COUNTY_MS = 8 * 3_600_000;
const LAST_DAY = 2_932_896; // 9999-12-31

export function dayOfMs(ms: number): number {
  return Math.floor((ms + COUNTY_MS) / DAY_MS);
}

/** The first instant of a day. */
export function msOfDay(day: number): number {
  return day * DAY_MS - COUNTY_MS;
}

/** "2015-07-16" */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** "2015-07-16 14:03" */
export function instant(ms: number): string {
  return new Date(ms + COUNTY_MS).toISOString().slice(0, 16).replace("T", " ");
}

/** A term in days ends with its last day; one in hours, and the county's own, at an instant (lq due). */
export function endText({ rule, dueMs }: { rule: string; dueMs: bigint }): string {
  const due = Number(dueMs);
  const day = dayOfMs(due);
  return msOfDay(day) === due && !rule.startsWith("OP-") ? dayText(day - 1) : instant(due);
}

/** undefined: it is none of the calendar. */
export function readDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  const day = ms / DAY_MS;
  return Number.isNaN(ms) || day < 1 || dayText(day) !== text ? undefined : day;
}

/** "2015-07-16T14:03", the county's time; undefined: it is none of the calendar. */
export function readInstant(text: string): number | undefined {
  const [, date = "", time = ""] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?$/.exec(text) ?? [];
  const day = readDay(date);
  const ms = Date.parse(`1970-01-01T${time}:00Z`);
  return day === undefined || Number.isNaN(ms) ? undefined : msOfDay(day) + ms;
}

/** 0 is Monday. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function monthFrom(year: number, month: number): number {
  return Date.UTC(year, month, 1) / DAY_MS;
}

function monthAround(day: number): Range {
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { from: monthFrom(year, month), to: monthFrom(year, month + 1) - 1 };
}

function weekAround(day: number): Range {
  const from = day - weekday(day);
  return { from, to: from + 6 };
}

/** The day, week or month that a day lies in. */
export function around(by: By, day: number): Range {
  if (by === By.WEEK) return weekAround(day);
  return by === By.MONTH ? monthAround(day) : { from: day, to: day };
}

/** What stats calls it: "2015-07-16", "2015-W29", "2015-07". */
export function partName(by: By, day: number): string {
  if (by === By.MONTH) return dayText(day).slice(0, 7);
  if (by !== By.WEEK) return dayText(day);
  const thursday = day - weekday(day) + 3;
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  const week = Math.floor((thursday - monthFrom(year, 0)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** The days of a part of that name; undefined: it names none. */
export function rangeOfPart(by: By, name: string): Range | undefined {
  if (by === By.WEEK) {
    const [, year = "", week = ""] = /^(\d{4})-W(\d{2})$/.exec(name) ?? [];
    return year === "" ? undefined : weekAround(monthFrom(Number(year), 0) + 3 + 7 * (Number(week) - 1));
  }
  const day = readDay(by === By.MONTH ? `${name}-01` : name);
  return day === undefined ? undefined : around(by, day);
}

export function isTime(by: By): boolean {
  return by === By.CIVIL_DAY || by === By.WEEK || by === By.MONTH;
}

const AROUND: Partial<Record<Period, By>> = { day: By.CIVIL_DAY, week: By.WEEK, month: By.MONTH };

export function rangeOf(choice: Choice, today: number): Range {
  const by = AROUND[choice.period];
  if (by !== undefined) return around(by, choice.at === 0 ? today : choice.at);
  return choice.period === "all" ? { from: 0, to: 0 } : choice.range;
}

/**
 * The period before: of a whole month the month before it, else as many days just before, as lq's --compare last.
 * undefined: there is none before what is open.
 */
export function earlierOf({ from, to }: Range): Range | undefined {
  if (from <= 0 || to < from) return undefined;
  const month = monthAround(from);
  if (month.from === from && month.to === to) return monthAround(from - 1);
  const length = to - from + 1;
  return from - length < 1 ? undefined : { from: from - length, to: from - 1 };
}

/** The period behind (1) or before (-1) the one that is chosen. */
export function moved(choice: Choice, today: number, by: 1 | -1): Choice {
  const { from, to } = rangeOf(choice, today);
  const next = by > 0 ? to + 1 : from - 1;
  if (choice.period === "all" || next < 1 || next > LAST_DAY) return choice;
  if (choice.period !== "range") return { ...choice, at: next };
  const length = to - from + 1;
  return { ...choice, range: { from: Math.max(1, from + by * length), to: to + by * length } };
}

/** By what a range is drawn where nothing else is chosen. */
export function timeFor({ from, to }: Range): By {
  const days = from === 0 || to === 0 ? 400 : to - from + 1;
  return days <= 62 ? By.CIVIL_DAY : days <= 400 ? By.WEEK : By.MONTH;
}

// -------------------------------------------------------------- in the address

const PERIODS: readonly Period[] = ["day", "week", "month", "range", "all"];
const WORD_OF_BY: Partial<Record<By, string>> = {
  [By.TOWNSHIP]: "township", [By.MONTH]: "month", [By.TEAM]: "team", [By.CIVIL_DAY]: "day",
  [By.WEEK]: "week", [By.DUTY_SHIFT]: "shift", [By.KIND]: "kind", [By.DEPARTMENT]: "department",
};

/** As lq's --by and its column have it: "township"; "" for nothing. */
export function byKey(by: By): string {
  return WORD_OF_BY[by] ?? "";
}

export function readChoice(query: string): Choice {
  const given = new URLSearchParams(query);
  const day = (name: string): number => readDay(given.get(name) ?? "") ?? 0;
  const by = Object.entries(WORD_OF_BY).find(([, key]) => key === given.get("by"));
  const period = PERIODS.find((one) => one === given.get("period")) ?? "month";
  const range = { from: day("from"), to: day("to") };
  if (period === "range" && (range.from === 0 || range.to < range.from)) {
    return { period: "month", at: 0, range: { from: 0, to: 0 }, by: By.BY_NOTHING };
  }
  return { period, at: day("at"), range, by: by === undefined ? By.BY_NOTHING : (Number(by[0]) as By) };
}

/** What readChoice reads again; `lang` and the like stay. */
export function writeChoice(query: string, choice: Choice): string {
  const given = new URLSearchParams(query);
  const put = (name: string, value: string): void => (value === "" ? given.delete(name) : given.set(name, value));
  const isRange = choice.period === "range";
  put("period", choice.period);
  put("at", isRange || choice.at === 0 ? "" : dayText(choice.at));
  put("from", isRange ? dayText(choice.range.from) : "");
  put("to", isRange ? dayText(choice.range.to) : "");
  put("by", byKey(choice.by));
  return `?${given}`;
}
