/**
 * A page that stays open may become one of an earlier version: lianqin-web was started again with another, and has the
 * scripts no more that this one has not fetched yet. Whoever reads it is told; nothing is taken from under his hands.
 */
import { useEffect } from "preact/hooks";
import type { Session } from "../state/session";

/** Does the site hand out another page than this one? By the script, which is named by what is in it. */
async function isOutdated(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>("script[type=module]");
  const response = await fetch(location.pathname, { cache: "no-store" });
  return own !== null && response.ok && !(await response.text()).includes(new URL(own.src).pathname);
}

const LOOK_MS = 1_000;

/** Asks whenever the link has come back: lianqin-web reads its page when it starts, and then every link ends. */
export function useVersion(session: Session | undefined): void {
  useEffect(() => {
    if (session === undefined) return;
    let since: number | undefined; // of the connection that was looked at last; undefined: there was none yet
    const look = async (): Promise<void> => {
      const { state } = session.link;
      if (state.is !== "open" || state.since === since) return;
      const isFirst = since === undefined;
      since = state.since;
      if (isFirst || !(await isOutdated())) return;
      session.isOutdated = true;
      session.onChange();
    };
    const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
    return () => clearInterval(timer);
  }, [session]);
}
