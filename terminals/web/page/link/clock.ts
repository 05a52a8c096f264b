/**
 * How far this device's clock is off: measured against the bus's whenever that is reached, and remembered for acts that
 * are made without it. The rules are those of lq --later (terminals/lq/outbox/clock.c).
 */
import type { ToldSelf } from "./ask";

/** What to add to Date.now() for the bus's clock; undefined: it has never been measured here. */
export interface ClockOffset {
  offsetMs: number;
  measuredAtMs: number; // by this device's clock
}

/** What an act's time was made with. */
export interface Stamp {
  atMs: number; // when it was done, as far as is known by the bus's clock
  offsetMs: number; // that was added to this device's
  isMeasured: boolean;
}

const SLOW_MS = 4_000; // an answer that took longer says less than what is known
const CHANGED_MS = 500; // a difference that is written down

/** The offset that an answer of the bus tells; undefined: it says nothing new. */
export function measured(told: ToldSelf, before: ClockOffset | undefined, deviceMs = Date.now(), steadyMs = performance.now()): ClockOffset | undefined {
  if (told.tookMs > SLOW_MS && before !== undefined) return undefined; // where nothing is known, it says enough
  const offsetMs = Math.round(steadyMs + told.offsetMs - deviceMs);
  if (before !== undefined && Math.abs(offsetMs - before.offsetMs) < CHANGED_MS) return undefined;
  return { offsetMs, measuredAtMs: deviceMs };
}

export function stampNow(clock: ClockOffset | undefined, deviceMs = Date.now()): Stamp {
  const offsetMs = clock?.offsetMs ?? 0;
  return { atMs: deviceMs + offsetMs, offsetMs, isMeasured: clock !== undefined };
}

/**
 * The bus was reached, and an act is about to be sent for the first time: its time put right, where the offset was not
 * known when it was made, or puts it after now. undefined: it stands. (The device's clock may have been set since: what
 * was measured then holds.)
 */
export function corrected(made: Stamp, clock: ClockOffset | undefined, deviceMs = Date.now()): Stamp | undefined {
  if (clock === undefined || clock.offsetMs === made.offsetMs) return undefined;
  if (made.isMeasured && made.atMs <= deviceMs + clock.offsetMs) return undefined;
  return { atMs: made.atMs + clock.offsetMs - made.offsetMs, offsetMs: clock.offsetMs, isMeasured: true };
}
