/** The screen stays on while a page is shown: a locked phone rings for nobody, and a dark wall says nothing. */
import { useEffect } from "preact/hooks";

export function useAwake(): void {
  useEffect(() => {
    let held: WakeLockSentinel | undefined;
    let over = false;
    const keep = (lock: WakeLockSentinel): void => {
      if (over) void lock.release();
      else held = lock;
    };
    const ask = (): void => {
      if (document.visibilityState === "visible") void navigator.wakeLock?.request("screen").then(keep, () => undefined);
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", ask);
      void held?.release();
    };
  }, []);
}
