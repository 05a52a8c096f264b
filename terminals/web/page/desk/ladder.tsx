/** A running term, and whom it tells of itself, one after another. */
import { AddresseeSchema, type Clock, type Mark } from "../gen/rules_pb";
import type { Desk } from "../state/desk";
import { isCounted } from "../state/terms";
import { language, tr, word } from "../words";
import { nameOnly } from "../shell/names";
import { clock as clockTime, length } from "../shell/time";

export function termTitle(desk: Desk, term: Clock): string {
  const title = desk.titles.of(term);
  return title === undefined ? term.rule : language === "zh" ? title.zh : title.en;
}

function Rung({ desk, mark, nowMs }: { desk: Desk; mark: Mark; nowMs: number }) {
  const atMs = Number(mark.atMs);
  const who = mark.to.map((to) => word(AddresseeSchema, to)).join(" ");
  const names = mark.badges.map((badge) => nameOnly(desk, badge)).join(" ");
  if (mark.rung) {
    return (
      <li class="rung">
        {who}
        {names !== "" && <b> {names}</b>} <span class="quiet">{tr("told %s", clockTime(atMs))}</span>
      </li>
    );
  }
  return (
    <li class="ahead">
      {who} <span class="number">{atMs > nowMs ? length(atMs - nowMs) : "…"}</span>
    </li>
  );
}

/** "签收时限 还有 0:42 · 副组长 → 值班长 → 指挥长" */
export function Ladder({ desk, term, nowMs }: { desk: Desk; term: Clock; nowMs: number }) {
  const left = Number(term.dueMs) - nowMs;
  const over = isCounted(term) && left <= 0;
  return (
    <div class={`ladder${over ? " over" : ""}`}>
      <span class="title">{termTitle(desk, term)}</span>{" "}
      {isCounted(term) && <span class="number">{over ? tr("over by %s", length(-left)) : tr("%s left", length(left))}</span>}
      <ol>
        {term.marks.map((mark) => (
          <Rung key={`${mark.atMs}`} desk={desk} mark={mark} nowMs={nowMs} />
        ))}
      </ol>
      {term.takenBy !== "" && <span class="taken">{tr("%s sees to it", nameOnly(desk, term.takenBy))}</span>}
    </div>
  );
}
