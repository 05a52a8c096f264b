/** The page of papers: which there are, and one of them. The address names the one that is shown. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { staleMs } from "../shell/fresh";
import { Banners, Head } from "../shell/head";
import { useLive } from "../shell/live";
import { usePrintKey } from "../shell/print";
import { loadCatalog } from "../shell/told";
import type { Desk } from "../state/desk";
import { Papers } from "../state/papers";
import { learn, service, tr } from "../words";
import { PaperList } from "./list";
import type { Served } from "./serve";
import { READ, type Task } from "./task";
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

/** What a thing's file leads to: its papers, and it is what the next is issued about. */
function thingAsked(): { ofKind: string; ofNumber: string } | undefined {
  const asked = new URLSearchParams(location.search);
  const [ofKind, ofNumber] = [asked.get("of"), asked.get("of_number")];
  return ofKind === null || ofNumber === null ? undefined : { ofKind, ofNumber };
}

type Work = typeof import("./work");

/** What issuing and serving take; fetched when it is first asked for. */
function useWork(isAsked: boolean): { work: Work | undefined; fault: string } {
  const [work, setWork] = useState<Work>();
  const [fault, setFault] = useState("");
  useEffect(() => {
    if (!isAsked || work !== undefined) return;
    setFault("");
    const load = async (): Promise<Work> => {
      learn(await import("../gen/later"));
      return import("./work");
    };
    load().then(setWork, () => setFault(tr("This part of the page could not be fetched. Open it again once there is a link.")));
  }, [isAsked]);
  return { work, fault };
}

/** F2: a new one, as on the desk. */
function useNewKey(begin: (() => void) | undefined): void {
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.key !== "F2" || event.isComposing || begin === undefined) return;
      event.preventDefault();
      begin();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [begin]);
}

interface ContentProps {
  desk: Desk;
  papers: Papers;
}

function Content({ desk, papers }: ContentProps) {
  const asked = useMemo(thingAsked, []);
  const [task, begin] = useState<Task>(READ);
  const [served, setServed] = useState<{ number: string; what: Served }>();
  const { work, fault } = useWork(task.is !== "read");
  const issuing = useMemo(() => (work === undefined ? undefined : new work.Issuing(desk, papers)), [work]);
  const read = (): void => begin(READ);
  const issue = (): void => begin({ is: "issue", about: asked ?? {} });
  useNewKey(task.is === "read" && papers.mayIssue ? issue : undefined);
  const { opened, file } = papers;
  if (task.is === "issue") {
    if (work === undefined || issuing === undefined) return <Fetching fault={fault} />;
    const issued = (service: string, number: string): void => {
      papers.open(service, number);
      begin({ is: "read", told: tr("Issued: %s", number) });
    };
    return <work.IssuePanes desk={desk} papers={papers} issuing={issuing} about={task.about} close={read} issued={issued} />;
  }
  const paper = file?.paper;
  const form = paper === undefined ? undefined : papers.formOf(paper.service, paper.kind);
  const isServing = task.is === "serve" && paper !== undefined && paper.servedAtMs === 0n;
  return (
    <>
      <PaperList papers={papers} words={asked?.ofNumber ?? ""} issue={issue} />
      <PaperPane desk={desk} papers={papers} begin={begin} isBusy={isServing}>
        {task.is === "read" && task.told !== "" && <p class="good" role="status">{task.told}</p>}
        {isServing && work === undefined && <Fetching fault={fault} />}
        {isServing && work !== undefined && (
          <work.ServeForm
            key={paper.number} desk={desk} service={paper.service} paper={paper} form={form} close={read}
            served={(what) => {
              setServed({ number: paper.number, what });
              read();
            }}
          />
        )}
        {work !== undefined && paper !== undefined && served?.number === opened?.number && served !== undefined && <work.Started paper={paper} form={form} what={served.what} />}
      </PaperPane>
    </>
  );
}

function Fetching({ fault }: { fault: string }) {
  return fault === "" ? <p class="quiet">{tr("is being fetched …")}</p> : <p class="alarm" role="alert">{fault}</p>;
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
        <Content desk={desk} papers={papers} />
      </main>
    </div>
  );
}
