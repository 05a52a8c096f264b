/** One paper: what the record says of it, and the page as it was issued. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ServedHowSchema } from "../gen/rules_pb";
import { person } from "../shell/names";
import { saveFile } from "../shell/save";
import { recordWord } from "../shell/things";
import type { Desk } from "../state/desk";
import type { OpenPaper, Papers } from "../state/papers";
import { instant } from "../state/periods";
import { tr, word } from "../words";
import { PaperSheet } from "./paper_sheet";
import { sheetOf } from "./sheet";
import type { Task } from "./task";

function save({ paper, html }: OpenPaper): void {
  saveFile(`${paper?.number ?? ""}.html`, new Blob([html as Uint8Array<ArrayBuffer>], { type: "text/html" }));
}

function Facts({ desk, file }: { desk: Desk; file: OpenPaper }) {
  const { paper, isWhole } = file;
  if (paper === undefined) return null;
  const served = paper.servedAtMs === 0n ? tr("Not served") : `${instant(Number(paper.servedAtMs))} ${word(ServedHowSchema, paper.how)}`;
  const officers = paper.officers.map((one) => person(desk, one)).join("、");
  return (
    <ul class="facts">
      <li>
        {recordWord(paper.ofKind)} {paper.ofNumber}
      </li>
      <li>{tr("issued %s by %s", instant(Number(paper.issuedAtMs)), person(desk, paper.issuedBy))}</li>
      <li class={paper.servedAtMs === 0n ? "unserved" : ""}>{[served, officers, paper.receipt, paper.witness].filter(Boolean).join(" · ")}</li>
      {paper.supersedes !== "" && <li>{tr("in place of %s", paper.supersedes)}</li>}
      {paper.supersededBy !== "" && <li class="alarm">{tr("replaced by %s: no longer valid", paper.supersededBy)}</li>}
      <li class={isWhole ? "whole" : "alarm"}>
        {isWhole ? tr("The bytes are those that were issued (SHA-256 %s)", paper.hash.slice(0, 16)) : tr("These are not the bytes that were issued: their checksum differs.")}
      </li>
    </ul>
  );
}

/** What may be done with a paper: it is served, another takes its place, one is issued about it. */
function Acts({ papers, file, begin }: { papers: Papers; file: OpenPaper; begin(task: Task): void }) {
  const { paper } = file;
  if (paper === undefined || paper.supersededBy !== "") return null;
  const { service, kind, number, ofKind, ofNumber } = paper;
  const about = papers.formsAbout(service, "paper");
  return (
    <>
      {paper.servedAtMs === 0n && papers.mayServe(service, kind) && (
        <button type="button" onClick={() => begin({ is: "serve" })}>{tr("Record its service")}</button>
      )}
      {about.map(({ form }) => (
        <button key={form.kind} type="button" class="second" onClick={() => begin({ is: "issue", about: { ofKind: "paper", ofNumber: number, kind: form.kind } })}>
          {tr("Issue: %s", form.title)}
        </button>
      ))}
      {papers.formsAbout(service, ofKind).some(({ form }) => form.kind === kind) && (
        <button type="button" class="second" onClick={() => begin({ is: "issue", about: { ofKind, ofNumber, kind, supersedes: number } })}>{tr("Replace it")}</button>
      )}
    </>
  );
}

interface PaneProps {
  desk: Desk;
  papers: Papers;
  begin(task: Task): void;
  /** Is something done with it now? */
  isBusy: boolean;
  /** What is done with it, or what came of that. */
  children: ComponentChildren;
}

export function PaperPane({ desk, papers, begin, isBusy, children }: PaneProps) {
  const { file, opened } = papers;
  const sheet = useMemo(() => (file === undefined || file.html.length === 0 ? undefined : sheetOf(file.html)), [file]);
  const pane = useRef<HTMLElement>(null);
  // Where it stands below the list, it is gone to.
  useEffect(() => {
    if (opened !== undefined && matchMedia("(max-width: 1100px)").matches) pane.current?.scrollIntoView();
  }, [opened?.service, opened?.number]);
  if (opened === undefined) return <section class="pane paper"><p class="empty">{tr("Choose a paper: it is shown here as it was issued.")}</p></section>;
  return (
    <section class="pane paper" ref={pane} aria-labelledby="paper-title">
      <h2 id="paper-title">
        {file?.paper?.title} {opened.number}
        {file?.paper !== undefined && (
          <span class="out">
            {!isBusy && <Acts papers={papers} file={file} begin={begin} />}
            <button type="button" class="plain" onClick={() => save(file)}>{tr("Save")}</button>
            <button type="button" class="plain" onClick={() => print()}>
              {tr("Print")} <kbd>F9</kbd>
            </button>
          </span>
        )}
      </h2>
      {file === undefined && <p class="empty">{tr("The paper is being asked for …")}</p>}
      {file !== undefined && file.voided !== undefined && <p class="alarm">{tr("This paper is void: %s", file.voided.reason)}</p>}
      {file !== undefined && file.paper === undefined && file.voided === undefined && <p class="alarm">{tr("There is no paper %s.", opened.number)}</p>}
      {file !== undefined && <Facts desk={desk} file={file} />}
      {children}
      {file?.withheld.includes("html") === true && <p class="alarm">{tr("It names people whose names are not told to this badge.")}</p>}
      {sheet !== undefined && <PaperSheet sheet={sheet} title={tr("The paper as it was issued")} />}
      {file !== undefined && file.html.length > 0 && sheet === undefined && <p class="alarm">{tr("This browser cannot show the page of this paper; it can be saved.")}</p>}
    </section>
  );
}
