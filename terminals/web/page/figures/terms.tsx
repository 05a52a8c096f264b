/** The terms that run, of all services: what `lq due` lists. What is over stands first, in red if somebody is late. */
import type { Clock } from "../gen/rules_pb";
import { termTitle } from "../desk/ladder";
import { ownerName } from "../shell/names";
import { length } from "../shell/time";
import type { Desk } from "../state/desk";
import { endText } from "../state/periods";
import { isCounted, isOverdue, termKey } from "../state/terms";
import { service, thingNumber, tr } from "../words";

export interface Running {
  clock: Clock;
  service: string;
}

const SHOWN_MOST = 200; // as lq due has it

/** Those that are counted, what ends first first. */
export function running(desk: Desk): Running[] {
  const all = [...desk.terms].flatMap(([name, terms]) => terms.values().filter(isCounted).map((clock) => ({ clock, service: name })));
  return all.sort((a, b) => Number(a.clock.dueMs - b.clock.dueMs) || (a.clock.number < b.clock.number ? -1 : 1));
}

export function isOver({ clock }: Running, nowMs: number): boolean {
  return isOverdue(clock, nowMs);
}

/** What was waited for stands behind what is still to be done. */
export function endedLast(all: Running[], nowMs: number): Running[] {
  const hasEnded = ({ clock }: Running): boolean => Number(clock.dueMs) <= nowMs && clock.waiting;
  return [...all.filter((one) => !hasEnded(one)), ...all.filter(hasEnded)];
}

/** "over by 3 d"; of a time to wait "ended", and of what runs as `left` says. */
export function leftText(clock: Clock, nowMs: number, left: (text: string) => string): string {
  const ms = Number(clock.dueMs) - nowMs;
  if (ms > 0) return left(length(ms));
  return clock.waiting ? tr("ended") : tr("over by %s", length(-ms));
}

function TermRow({ desk, one, nowMs }: { desk: Desk; one: Running; nowMs: number }) {
  const { clock } = one;
  return (
    <tr class={isOver(one, nowMs) ? "over" : ""}>
      <td class="number">{endText(clock)}</td>
      <td class="number">{leftText(clock, nowMs, (text) => tr("%s left", text))}</td>
      <th scope="row" title={service(one.service)}>{thingNumber(clock.kind, clock.number)}</th>
      <td>{termTitle(desk, clock)} <span class="quiet">{clock.rule}</span></td>
      <td>{clock.owner === "" ? "" : ownerName(desk, clock.owner)}</td>
    </tr>
  );
}

export function TermsPane({ desk, nowMs }: { desk: Desk; nowMs: number }) {
  const all = endedLast(running(desk), nowMs);
  const over = all.filter((one) => isOver(one, nowMs)).length;
  return (
    <section class="pane due" id="due" aria-labelledby="due-title">
      <h2 id="due-title">
        {tr("Terms")} <span class="count">{tr("%d run", all.length)}</span>
        {over > 0 && <span class="alert">{tr("%d overdue", over)}</span>}
      </h2>
      {all.length === 0 && <p class="empty">{tr("No term runs.")}</p>}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="due-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{tr("Ends")}</th>
              <th scope="col">{tr("Left")}</th>
              <th scope="col">{tr("Of")}</th>
              <th scope="col">{tr("Term")}</th>
              <th scope="col">{tr("Whose")}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, SHOWN_MOST).map((one) => (
              <TermRow key={`${one.service} ${termKey(one.clock)}`} desk={desk} one={one} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      </div>
      {all.length > SHOWN_MOST && <p class="quiet">{tr("and %d more", all.length - SHOWN_MOST)}</p>}
    </section>
  );
}
