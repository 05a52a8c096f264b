/** Whether what a page shows is fresh, and the mark that says so. */
import { length } from "./time";
import type { Session } from "../state/session";
import { tr } from "../words";

const STALE_MS = 15_000; // without a sign of life
const DOWN_MS = 2_000; // a break that is shorter is not worth a word

/** For how long the page has not been fresh; 0: it is. */
export function staleMs(desk: Session): number {
  const { state, heardAt } = desk.link;
  const now = performance.now();
  const silence = now - heardAt;
  if (state.is === "open") return silence >= STALE_MS ? silence : 0;
  return now - state.since >= DOWN_MS ? silence : 0;
}

/** "Online", or for how long there has been no link. */
export function LinkMark({ desk }: { desk: Session }) {
  const stale = staleMs(desk);
  if (stale > 0) return <span class="link down" role="status">{tr("no link %s", length(stale))}</span>;
  return desk.link.state.is === "open" ? <span class="link up">{tr("Online")}</span> : <span class="link">{tr("Connecting")}</span>;
}
