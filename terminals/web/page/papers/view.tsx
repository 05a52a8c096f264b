/** One paper: what the record says of it, and the page as it was issued. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ServedHowSchema } from "../gen/rules_pb";
import { person } from "../shell/names";
import { saveFile } from "../shell/save";
import type { Desk } from "../state/desk";
import type { OpenPaper, Papers } from "../state/papers";
import { instant } from "../state/periods";
import { thing, tr, word } from "../words";
import { type Sheet, sheetOf } from "./sheet";

/** The page in a tree of its own, with its own style; as long as it is shown, what is printed is laid out by it. */
function PaperSheet({ sheet }: { sheet: Sheet }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = host.current;
    if (at === null) return;
    const root = at.shadowRoot ?? at.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet.style];
    root.replaceChildren(sheet.body);
    document.adoptedStyleSheets = [sheet.pages];
    return () => {
      document.adoptedStyleSheets = [];
    };
  }, [sheet]);
  return <div class="sheet" ref={host} lang="zh-CN" tabIndex={0} role="group" aria-label={tr("The paper as it was issued")} />;
}

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
        {thing(paper.ofKind)} {paper.ofNumber}
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

export function PaperPane({ desk, papers }: { desk: Desk; papers: Papers }) {
  const { file, opened } = papers;
  const sheet = useMemo(() => (file === undefined || file.html.length === 0 ? undefined : sheetOf(file.html)), [file]);
  if (opened === undefined) return <section class="pane paper"><p class="empty">{tr("Choose a paper: it is shown here as it was issued.")}</p></section>;
  return (
    <section class="pane paper" aria-labelledby="paper-title">
      <h2 id="paper-title">
        {file?.paper?.title} {opened.number}
        {file?.paper !== undefined && (
          <span class="out">
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
      {file?.withheld.includes("html") === true && <p class="alarm">{tr("It names people whose names are not told to this badge.")}</p>}
      {sheet !== undefined && <PaperSheet sheet={sheet} />}
      {file !== undefined && file.html.length > 0 && sheet === undefined && <p class="alarm">{tr("This browser cannot show the page of this paper; it can be saved.")}</p>}
    </section>
  );
}
