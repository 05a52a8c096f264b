/** A running term, and whom it tells of itself, one after another. */
import { AddresseeSchema, type Clock, type Mark } from "../gen/rules_pb";
import type { Desk } from "../state/desk";
import { isCounted } from "../state/terms";
import { language, tr, word } from "../words";
import { Age } from "../shell/age";
import { nameOnly } from "../shell/names";
import { clock as clockTime, length } from "../shell/time";

export function termTitle(desk: Desk, term: Clock): string {
  const title = desk.titles.of(term);
  return title === undefined ? term.rule : language === "zh" ? title.zh : title.en;
}

function Rung({ desk, mark }: { desk: Desk; mark: Mark }) {
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
      {who} <Age desk={desk} say={(now) => (atMs > now ? length(atMs - now) : "…")} />
    </li>
  );
}

function leftOf(ms: number): string {
  return ms <= 0 ? tr("over by %s", length(-ms)) : tr("%s left", length(ms));
}

/** "签收时限 还有 0:42 · 副组长 → 值班长 → 指挥长" */
export function Ladder({ desk, term, nowMs }: { desk: Desk; term: Clock; nowMs: number }) {
  const over = isCounted(term) && Number(term.dueMs) <= nowMs;
  return (
    <div class={`ladder${over ? " over" : ""}`}>
      <span class="title">{termTitle(desk, term)}</span>{" "}
      {isCounted(term) && <Age desk={desk} say={(now) => leftOf(Number(term.dueMs) - now)} />}
      <ol>
        {term.marks.map((mark) => (
          <Rung key={`${mark.atMs}`} desk={desk} mark={mark} />
        ))}
      </ol>
      {term.takenBy !== "" && <span class="taken">{tr("%s sees to it", nameOnly(desk, term.takenBy))}</span>}
    </div>
  );
}
