/** Handing over the desk (交接班) and calling the roll (点名): the frozen list as it is signed for, and what differs from it now. */
import { useEffect, useState } from "preact/hooks";
import {
  type Handover, type HandoverFile, type HandoverList, type HandoverOrder, HandoverState, HandoverStateSchema, PrioritySchema, Step, StepSchema,
} from "../gen/dispatch_pb";
import type { Acts } from "../shell/acts";
import { Dialog, textOf } from "../shell/dialog";
import { nameOnly, person } from "../shell/names";
import { minute } from "../shell/time";
import type { Desk } from "../state/desk";
import { type Difference, differences, freezeOf } from "../state/handover";
import { kindWord, service, thingNumber, tr, word } from "../words";
import { RollCalls } from "./roll_call";
import type { SheetProps } from "./sheets";

// -------------------------------------------------------------- a list

function OrderLine({ desk, order, differs }: { desk: Desk; order: HandoverOrder; differs: Difference | undefined }) {
  return (
    <tr class={differs === undefined ? "" : "differs"}>
      <td>{order.number}</td>
      <td>{word(PrioritySchema, order.priority)}</td>
      <td>{order.targetName}</td>
      <td>
        {order.teams.map(({ team, step, atWork, people }) => {
          const state = step === Step.STEP_UNSPECIFIED ? (atWork ? tr("Not answered") : tr("Withdrawn")) : word(StepSchema, step);
          const out = people.map((badge) => nameOnly(desk, badge)).join(" ");
          return (
            <span key={team} class={step === Step.STEP_UNSPECIFIED && atWork ? "alarm" : ""}>
              {`${team} ${state}${out === "" ? "" : ` (${out})`} `}
            </span>
          );
        })}
      </td>
      <td>{differs === undefined ? "" : howText(differs)}</td>
    </tr>
  );
}

function howText({ how }: Difference): string {
  return { new: tr("not in the list"), gone: tr("not open any more"), changed: tr("changed since") }[how];
}

function ListTable({ desk, list, all, title }: { desk: Desk; list: HandoverList; all: readonly Difference[]; title: string }) {
  const of = (number: string): Difference | undefined => all.find((one) => one.number === number);
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{tr("Number")}</th>
          <th scope="col">{tr("Priority")}</th>
          <th scope="col">{tr("What")}</th>
          <th scope="col">{tr("Teams")}</th>
          <th scope="col">{tr("Compared with now")}</th>
        </tr>
      </thead>
      <tbody>
        {list.orders.map((order) => (
          <OrderLine key={order.number} desk={desk} order={order} differs={of(order.number)} />
        ))}
        {list.calls.map(({ number, priority, what }) => (
          <tr key={number} class={of(number) === undefined ? "" : "differs"}>
            <td>{number}</td>
            <td>{word(PrioritySchema, priority)}</td>
            <td>{kindWord(what)}</td>
            <td>{tr("Call")}</td>
            <td>{of(number) === undefined ? "" : howText(of(number) as Difference)}</td>
          </tr>
        ))}
        {list.orders.length + list.calls.length === 0 && (
          <tr>
            <td colSpan={5}>{tr("No order and no call is open.")}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function TermLines({ list, nowMs }: { list: HandoverList; nowMs: number }) {
  if (list.terms.length === 0) return null;
  return (
    <>
      <h3>{tr("Terms that end in the coming shift")}</h3>
      <ul class="terms-over">
        {list.terms.map(({ service: of, kind, number, rule, dueMs }) => (
          <li key={`${of} ${kind} ${number} ${rule}`}>
            <b>{thingNumber(kind, number)}</b> {rule} <span class="number">{minute(Number(dueMs), nowMs)}</span> <span class="quiet">{service(of)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The list that goes over; and what is open now, where that is another. */
function Lists({ desk, file, nowMs }: { desk: Desk; file: HandoverFile; nowMs: number }) {
  const { handover, now, stale } = file;
  const frozen = handover?.list;
  const signed = handover?.state === HandoverState.HANDOVER_SIGNED;
  if (frozen === undefined) return now === undefined ? null : <ListTable desk={desk} list={now} all={[]} title={tr("What is open now")} />;
  const all = signed || now === undefined ? [] : differences(frozen, now);
  return (
    <>
      <ListTable desk={desk} list={frozen} all={all} title={tr("List %d of shift %s, as it was frozen", handover?.lists ?? 0, handover?.number ?? "")} />
      {frozen.notes !== "" && <p>{tr("Notes: %s", frozen.notes)}</p>}
      <TermLines list={frozen} nowMs={nowMs} />
      {stale && !signed && now !== undefined && (
        <>
          <p class="alarm" role="alert">{tr("The list is out of date: it cannot be signed for, and is frozen anew.")}</p>
          <ListTable desk={desk} list={now} all={all} title={tr("What is open now")} />
        </>
      )}
    </>
  );
}

function Facts({ desk, handover, inCharge, nowMs }: { desk: Desk; handover: Handover; inCharge: string; nowMs: number }) {
  const at = (ms: bigint): string => (ms === 0n ? "" : minute(Number(ms), nowMs));
  const rows: [string, string][] = [
    [tr("Shift"), `${handover.number} · ${word(HandoverStateSchema, handover.state)}`],
    [tr("Hands over at"), at(handover.dueMs)],
    [tr("Takes over"), handover.next === "" ? tr("no shift is planned") : handover.next],
    [tr("Frozen by"), handover.frozenBy === "" ? "" : `${person(desk, handover.frozenBy)} ${at(handover.frozenAtMs)}`],
    [tr("Signed for by"), handover.signedBy === "" ? "" : `${person(desk, handover.signedBy)} ${at(handover.signedAtMs)}`],
    [tr("Not signed for"), handover.refusedWhy],
    [tr("Desk chief"), inCharge === "" ? tr("nobody has signed") : person(desk, inCharge)],
  ];
  return (
    <dl class="facts">
      {rows.filter(([, text]) => text !== "").map(([title, text]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

// -------------------------------------------------------------- freezing, signing

type Doing = { is: "freeze" } | { is: "sign" | "refuse"; shift: string; list: number };

interface DoingProps {
  desk: Desk;
  acts: Acts;
  doing: Doing;
  nowMs: number;
  close(): void;
}

function DoingForm({ desk, acts, doing, nowMs, close }: DoingProps) {
  switch (doing.is) {
    case "freeze": {
      const act = (data: FormData) => acts.perform(tr("Freeze the list"), { case: "freezeHandover", value: freezeOf(desk, nowMs, textOf(data, "notes")) });
      return (
        <Dialog title={tr("Freeze the list of what is open")} submit={tr("Freeze the list")} close={close} act={act}>
          <p class="quiet">{tr("The outgoing desk chief does this, or a commander for him. The list is compared with what is open when it is signed for.")}</p>
          <label>
            {tr("Notes")} <textarea name="notes" rows={3} maxLength={2000} autofocus />
          </label>
        </Dialog>
      );
    }
    case "sign": {
      const { shift, list } = doing;
      const act = (data: FormData) =>
        textOf(data, "read") === "" ? tr("Have you read the list? Say so first.") : acts.perform(tr("Sign for list %d of shift %s", list, shift), { case: "signHandover", value: { handover: shift, list } });
      return (
        <Dialog title={tr("Sign for list %d of shift %s", list, shift)} submit={tr("Sign")} close={close} act={act}>
          <p class="quiet">{tr("Your key signs: %s. From then on the desk is yours.", person(desk, desk.self?.badge ?? ""))}</p>
          <label class="choice">
            <input type="checkbox" name="read" value="yes" autofocus /> {tr("I have read list %d.", list)}
          </label>
        </Dialog>
      );
    }
    case "refuse": {
      const { shift, list } = doing;
      const act = (data: FormData) => {
        const why = textOf(data, "why");
        return why === "" ? tr("What is wrong with the list?") : acts.perform(tr("Do not sign for list %d of shift %s", list, shift), { case: "refuseHandover", value: { handover: shift, list, why } });
      };
      return (
        <Dialog title={tr("Do not sign for list %d of shift %s", list, shift)} submit={tr("Do not sign")} close={close} act={act}>
          <label>
            {tr("Why")} <input name="why" autocomplete="off" maxLength={500} required autofocus />
          </label>
        </Dialog>
      );
    }
  }
}

function Buttons({ handover, start }: { handover: Handover | undefined; start(doing: Doing): void }) {
  const of = { shift: handover?.number ?? "", list: handover?.lists ?? 0 };
  const isFrozen = handover?.state === HandoverState.HANDOVER_FROZEN;
  return (
    <p class="buttons">
      <button type="button" onClick={() => start({ is: "freeze" })}>{isFrozen ? tr("Freeze the list anew") : tr("Freeze the list")}</button>
      {isFrozen && <button type="button" onClick={() => start({ is: "sign", ...of })}>{tr("Sign for list %d", of.list)}</button>}
      {isFrozen && <button type="button" class="plain" onClick={() => start({ is: "refuse", ...of })}>{tr("Do not sign")}</button>}
    </p>
  );
}

export function HandoverSheet({ desk, acts, nowMs, mayIssue }: SheetProps) {
  const [doing, start] = useState<Doing>();
  const file = desk.handover;
  useEffect(() => desk.hearHandover(), [desk, desk.positions.get("dispatch")]);
  return (
    <div class="handover">
      {file?.handover === undefined && <p class="empty">{tr("No shift is being handed over.")}</p>}
      {file?.handover !== undefined && <Facts desk={desk} handover={file.handover} inCharge={file.inCharge} nowMs={nowMs} />}
      {mayIssue && <Buttons handover={file?.handover} start={start} />}
      {file !== undefined && <Lists desk={desk} file={file} nowMs={nowMs} />}
      <RollCalls desk={desk} acts={acts} nowMs={nowMs} />
      {doing !== undefined && <DoingForm desk={desk} acts={acts} doing={doing} nowMs={nowMs} close={() => start(undefined)} />}
    </div>
  );
}
