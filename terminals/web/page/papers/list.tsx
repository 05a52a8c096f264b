/** Which papers there are. */
import { useState } from "preact/hooks";
import type { Paper } from "../gen/rules_pb";
import { recordWord } from "../shell/things";
import type { Listed, Papers } from "../state/papers";
import { instant } from "../state/periods";
import { service as serviceWord, tr } from "../words";

const SHOWN_MOST = 300; // more than that nobody reads: he looks for one

interface Wanted {
  words: string;
  kind: string; // "": all
  unserved: boolean;
}

function isWanted({ paper }: Listed, { words, kind, unserved }: Wanted): boolean {
  if (kind !== "" && paper.kind !== kind) return false;
  if (unserved && (paper.servedAtMs !== 0n || paper.supersededBy !== "")) return false;
  const text = `${paper.number} ${paper.title} ${paper.ofNumber}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The kinds that there are, by their title. */
function kindsOf(all: readonly Listed[]): [string, string][] {
  return [...new Map(all.map(({ paper }) => [paper.kind, paper.title]))].sort(([, a], [, b]) => a.localeCompare(b, "zh"));
}

function served(paper: Paper): string {
  if (paper.supersededBy !== "") return tr("replaced");
  return paper.servedAtMs === 0n ? tr("Not served") : instant(Number(paper.servedAtMs));
}

function Row({ one: { service, paper }, papers }: { one: Listed; papers: Papers }) {
  const isOpen = papers.opened?.service === service && papers.opened.number === paper.number;
  const state = paper.supersededBy !== "" ? "gone" : paper.servedAtMs === 0n ? "unserved" : "";
  return (
    <tr class={`${state}${isOpen ? " open" : ""}`} aria-current={isOpen}>
      <th scope="row">
        <button type="button" class="plain" onClick={() => papers.open(service, paper.number)}>{paper.number}</button>
      </th>
      <td>{paper.title}</td>
      <td>
        {recordWord(paper.ofKind)} {paper.ofNumber}
      </td>
      <td class="number">{instant(Number(paper.issuedAtMs))}</td>
      <td class="number served">{served(paper)}</td>
    </tr>
  );
}

function Controls({ wanted, kinds, want }: { wanted: Wanted; kinds: readonly [string, string][]; want(wanted: Wanted): void }) {
  return (
    <form class="wanted" onSubmit={(event) => event.preventDefault()}>
      <label>
        {tr("Find")} <input type="search" value={wanted.words} autocomplete="off" autofocus onInput={(event) => want({ ...wanted, words: event.currentTarget.value })} />
      </label>
      <label>
        {tr("Kind")}{" "}
        <select value={wanted.kind} onChange={(event) => want({ ...wanted, kind: event.currentTarget.value })}>
          <option value="">{tr("all")}</option>
          {kinds.map(([kind, title]) => (
            <option key={kind} value={kind}>{title}</option>
          ))}
        </select>
      </label>
      <label>
        <input type="checkbox" checked={wanted.unserved} onChange={(event) => want({ ...wanted, unserved: event.currentTarget.checked })} /> {tr("only those not served")}
      </label>
    </form>
  );
}

interface ListProps {
  papers: Papers;
  /** What is looked for first. */
  words: string;
  issue(): void;
}

export function PaperList({ papers, words, issue }: ListProps) {
  const [wanted, want] = useState<Wanted>({ words, kind: "", unserved: false });
  const all = papers.list() ?? [];
  const found = all.filter((one) => isWanted(one, wanted));
  const waiting = papers.waiting();
  return (
    <section class="pane papers" aria-labelledby="papers-title">
      <h2 id="papers-title">
        {tr("Papers")} <span class="count">{tr("%d of %d", found.length, all.length)}</span>
        {papers.mayIssue && <button type="button" class="begin" onClick={issue}>{tr("Issue a paper")} <kbd>F2</kbd></button>}
      </h2>
      <Controls wanted={wanted} kinds={kindsOf(all)} want={want} />
      {waiting.length > 0 && <p class="quiet">{tr("Still to be told by: %s", waiting.map(serviceWord).join("、"))}</p>}
      {waiting.length === 0 && all.length === 0 && <p class="empty">{tr("No paper has been issued.")}</p>}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="papers-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{tr("Official number")}</th>
              <th scope="col">{tr("Paper")}</th>
              <th scope="col">{tr("Of what")}</th>
              <th scope="col">{tr("Issued")}</th>
              <th scope="col">{tr("Served")}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, SHOWN_MOST).map((one) => (
              <Row key={`${one.service} ${one.paper.number}`} one={one} papers={papers} />
            ))}
          </tbody>
        </table>
      </div>
      {found.length > SHOWN_MOST && <p class="quiet">{tr("%d more: look for one by its number, title, or what it is about.", found.length - SHOWN_MOST)}</p>}
    </section>
  );
}
