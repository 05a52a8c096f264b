/** The page of papers: which there are, and one of them. The address names the one that is shown. */
import { useEffect, useMemo } from "preact/hooks";
import { staleMs } from "../shell/fresh";
import { Banners, Head } from "../shell/head";
import { useLive } from "../shell/live";
import { usePrintKey } from "../shell/print";
import { loadCatalog } from "../shell/told";
import type { Desk } from "../state/desk";
import { Papers } from "../state/papers";
import { service, tr } from "../words";
import { PaperList } from "./list";
import { PaperPane } from "./view";

/** Opens what the address names, and has it name what is opened. */
function useAddress(papers: Papers): void {
  const { opened } = papers;
  useEffect(() => {
    const asked = new URLSearchParams(location.search);
    const [of, number] = [asked.get("service"), asked.get("number")];
    if (of !== null && number !== null) papers.open(of, number);
  }, [papers]);
  useEffect(() => {
    if (opened === undefined) return;
    const address = new URLSearchParams(location.search);
    address.set("service", opened.service);
    address.set("number", opened.number);
    history.replaceState(null, "", `?${address}`);
  }, [opened?.service, opened?.number]);
}

export function PapersPage({ desk }: { desk: Desk }) {
  const papers = useMemo(() => new Papers(desk), [desk]);
  useLive(desk, papers);
  useAddress(papers);
  usePrintKey();
  useEffect(() => void loadCatalog().catch(() => undefined), []); // without it what services tell is in English
  const nowMs = desk.nowMs();
  const failures = [...papers.failures].map(([name, text]) => `${service(name)}: ${text}`);
  return (
    <div class={`reading${staleMs(desk) > 0 ? " stale" : ""}`}>
      <Head desk={desk} title={tr("Papers")} nowMs={nowMs} />
      <Banners desk={desk} nowMs={nowMs} more={failures} />
      <main class="papers">
        <PaperList papers={papers} />
        <PaperPane desk={desk} papers={papers} />
      </main>
    </div>
  );
}
