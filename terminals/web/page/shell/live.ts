/** Renders what the streams and the clock change. */
import { useEffect, useState } from "preact/hooks";
import { writeAges } from "./age";
import type { Session } from "../state/session";

interface Changing {
  onChange: () => void;
}

/** Renders again whenever it has changed. */
export function useChanges(one: Changing): void {
  const [, render] = useState(0);
  useEffect(() => {
    one.onChange = () => render((n) => n + 1);
    return () => {
      one.onChange = () => undefined;
    };
  }, [one]);
}

/** Renders again whenever one of them or the link has changed, and at each full second of the bus's clock. */
export function useLive(desk: Session, ...others: readonly Changing[]): void {
  const [, render] = useState(0);
  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout>;
    const again = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => render((n) => n + 1));
    };
    const tick = (): void => {
      writeAges();
      again();
      timer = setTimeout(tick, 1000 - (Math.floor(desk.nowMs() ?? performance.now()) % 1000) + 5);
    };
    for (const one of [desk, ...others]) one.onChange = again;
    desk.link.onState = again;
    tick();
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [desk]);
}
