/** Instants and lengths of time as people read them. The county's time is UTC+8, without daylight saving. */
import { language, tr } from "../words";

const COUNTY_MS = 8 * 3_600_000;

function county(ms: number): string {
  return new Date(ms + COUNTY_MS).toISOString();
}

/** "14:03:22" */
export function clock(ms: number): string {
  return county(ms).slice(11, 19);
}

/** "2015-07-16" */
export function countyDay(ms: number): string {
  return county(ms).slice(0, 10);
}

/** "14:03" today, "07-15 14:03" on other days. */
export function minute(ms: number, nowMs: number): string {
  const [at, now] = [county(ms), county(nowMs)];
  return at.slice(0, 10) === now.slice(0, 10) ? at.slice(11, 16) : `${at.slice(5, 10)} ${at.slice(11, 16)}`;
}

const fullDays = new Map<string, Intl.DateTimeFormat>(); // by language, which is known only once the page begins

/** "2015年7月16日星期四" */
export function day(ms: number): string {
  const known = fullDays.get(language) ?? new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "full", timeZone: "UTC" });
  fullDays.set(language, known);
  return known.format(ms + COUNTY_MS);
}

/** "2:05", "1:02:05"; from two days on "3 天": as lq has it. Never negative. */
export function length(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const m = Math.floor(s / 60);
  const h = Math.floor(m / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (h >= 48) return tr("%d d", Math.floor(h / 24));
  return h > 0 ? `${h}:${two(m % 60)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}
