/**
 * When a page locks itself: its key's code is asked for again. Who is on duty at a desk is locked out when the shift ends,
 * since a dispatcher watches the board for hours and touches nothing; everybody else after ten idle minutes.
 */
import { useEffect } from "preact/hooks";
import { Role } from "../gen/envelope_pb";
import type { OnDutyAnswer } from "../gen/shift_pb";
import type { Session } from "../state/session";

const IDLE_MS = 10 * 60_000;
const LOOK_MS = 1_000;
const NOTE_MS = 1_000; // it is noted at most so often
const NAME = "lianqin-active"; // in the tab's storage: when somebody was last active in it, ms since 1970
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** Somebody is active in this tab, and has said the code. */
export function noteActive(): void {
  sessionStorage.setItem(NAME, String(Date.now()));
}

/** The code need not be asked for again: it was said in this tab, and the tab was not left alone since. */
export function isActive(): boolean {
  const idle = Date.now() - Number(sessionStorage.getItem(NAME) ?? NaN);
  return idle >= 0 && idle < IDLE_MS; // a clock that was put back locks, too
}

export function forgetActive(): void {
  sessionStorage.removeItem(NAME);
}

/** A page that locks; one that knows who is on duty locks at the desk's end of shift. */
interface Locking extends Session {
  readonly duty?: OnDutyAnswer | undefined;
}

const AT_DESKS = [Role.DESK, Role.COMMANDER, Role.CLERK];

/** When those end of whom `duty` tells, ms since 1970. */
function endsAtMs({ current, also }: OnDutyAnswer): number {
  return Math.max(...[current, ...also].map((shift) => Number(shift?.endsAtMs ?? 0n)));
}

/**
 * Is the key's owner at a desk and on duty? undefined: it is not known yet. While the bus is not reached he is as it was told
 * last, until the shift that was told of ends: a desk is not to lock because its cable was pulled.
 */
function isOnDesk(desk: Locking): boolean | undefined {
  if (desk.self === undefined || desk.duty === undefined) return undefined;
  const isPresent = AT_DESKS.some((role) => desk.can(role)) && desk.duty.present.includes(desk.self.badge);
  if (desk.link.state.is === "open") return isPresent;
  const nowMs = desk.nowMs();
  return isPresent && nowMs !== undefined && nowMs < endsAtMs(desk.duty) ? true : undefined;
}

/** Calls `lock` when the page is to lock. `desk` undefined: it does not lock. */
export function useIdleLock(desk: Locking | undefined, lock: () => void): void {
  useEffect(() => {
    if (desk === undefined) return;
    let notedAt = 0;
    let wasOnDesk = false;
    noteActive();
    const note = (): void => {
      if (performance.now() - notedAt < NOTE_MS || !isActive()) return; // who comes too late does not undo the lock
      notedAt = performance.now();
      noteActive();
    };
    const look = (): void => {
      const onDesk = isOnDesk(desk);
      if (onDesk === true) noteActive();
      if (!isActive() || (wasOnDesk && onDesk === false)) return lock();
      wasOnDesk = onDesk ?? wasOnDesk;
    };
    const timer = setInterval(look, LOOK_MS);
    for (const sign of SIGNS) addEventListener(sign, note, { capture: true, passive: true });
    document.addEventListener("visibilitychange", look); // timers rest in a page that is not seen
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) removeEventListener(sign, note, { capture: true });
      document.removeEventListener("visibilitychange", look);
    };
  }, [desk]);
}
