/** What happened last, as it comes. */
import { EventSchema, StepSchema } from "../gen/dispatch_pb";
import type { ClockRang } from "../gen/rules_pb";
import { AddresseeSchema } from "../gen/rules_pb";
import type { Desk, Happened } from "../state/desk";
import { member, service, thingNumber, tr, word } from "../words";
import { nameOnly } from "../shell/names";
import { clock, minute } from "../shell/time";

function rang(desk: Desk, e: ClockRang): string {
  const to = e.to.map((one) => word(AddresseeSchema, one)).join(" ");
  const names = e.badges.map((badge) => nameOnly(desk, badge)).join(" ");
  return [thingNumber(e.kind, e.number), e.missing.join(" "), to, names].filter((part) => part !== "").join(" · ");
}

/** What it is about: "O0263 T01 到场". */
function about(desk: Desk, { event }: Happened): string {
  const { body } = event;
  switch (body.case) {
    case "orderIssued":
      return `${body.value.number} ${body.value.targetName} → ${body.value.assignments.map((a) => a.team).join(" ")}`;
    case "stepReported":
      return [body.value.order, body.value.team, word(StepSchema, body.value.step), body.value.words].filter(Boolean).join(" ");
    case "orderSeen":
      return `${body.value.order} ${body.value.team} ${body.value.read ? tr("Opened") : tr("Delivered")}`;
    case "clockRang":
      return rang(desk, body.value);
    case "orderDeclined":
    case "teamWithdrawn":
      return `${body.value.order} ${body.value.team} ${body.value.why}`;
    case "teamAdded":
      return `${body.value.order} ${body.value.team}`;
    case "orderCancelled":
    case "orderAmended":
    case "orderReopened":
      return `${body.value.order} ${body.value.why}`;
    case "participantRecorded":
      return `${body.value.order} ${body.value.team} ${nameOnly(desk, body.value.badge)}`;
    case "crewRecorded":
      return `${body.value.order} ${body.value.team}`;
    case "callOpened":
      return `${body.value.number} ${body.value.premises} ${body.value.what}`;
    case "stepTaken":
    case "corrected":
    case "voided":
    case "clockTaken":
      return thingNumber(body.value.kind, body.value.number);
    default:
      return "";
  }
}

function by(desk: Desk, { envelope }: Happened): string {
  if (envelope.actor.startsWith("@")) return service(envelope.actor.slice(1));
  const actor = nameOnly(desk, envelope.actor);
  return envelope.onBehalfOf === "" ? actor : tr("%s for %s", actor, nameOnly(desk, envelope.onBehalfOf));
}

function title(one: Happened): string {
  const name = one.event.body.case ?? "";
  return member(EventSchema, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

export function HappenedPane({ desk, nowMs }: { desk: Desk; nowMs: number }) {
  const position = desk.positions.get("dispatch");
  return (
    <section class="pane happened" aria-labelledby="happened-title" tabIndex={0}>
      <h2 id="happened-title">
        {tr("What happened")}
        {position !== undefined && <span class="count">{tr("record %s", position.toString())}</span>}
      </h2>
      <ol>
        {desk.happened.map((one) => (
          <li key={one.envelope.seq.toString()} class={one.event.body.case === "clockRang" ? "rang" : ""}>
            <time class="number">{nowMs - Number(one.envelope.recordedAtMs) < 43_200_000 ? clock(Number(one.envelope.recordedAtMs)) : minute(Number(one.envelope.recordedAtMs), nowMs)}</time>{" "}
            <b>{title(one)}</b> {about(desk, one)} <span class="who">{by(desk, one)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
