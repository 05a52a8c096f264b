/** The roll calls of the shift that is on (点名): who of each team is there, and the signature of its lead. */
import { useEffect, useState } from "preact/hooks";
import { CommandSchema, type Person, type RollCall, RollState, RollStateSchema } from "../gen/shift_pb";
import { Role } from "../gen/envelope_pb";
import { Verb } from "../gen/rules_pb";
import type { Behalf } from "../link/act";
import type { Acts } from "../shell/acts";
import { Choices, Dialog, textOf } from "../shell/dialog";
import { nameOnly } from "../shell/names";
import { minute } from "../shell/time";
import type { Desk } from "../state/desk";
import { askRolls } from "../state/handover";
import { tr, word } from "../words";
import { CHANNELS } from "./line";

const OWN = "own";

/** In whose name: the lead's, who has told it, or one's own. */
function Whose({ lead }: { lead: Person }) {
  const told = CHANNELS.map(({ value }) => ({ value, label: tr("for %s, by %s", lead.name, tr(value)) }));
  return <Choices legend={tr("In whose name")} name="whose" choices={[...told, { value: OWN, label: tr("in my own name") }]} chosen={CHANNELS[0]?.value ?? OWN} />;
}

function behalfOf(data: FormData, lead: Person, own: string): Behalf | undefined {
  const whose = textOf(data, "whose");
  return whose === OWN || lead.badge === own ? undefined : { onBehalfOf: lead.badge, reason: tr(whose) };
}

interface FormProps {
  desk: Desk;
  acts: Acts;
  shift: string;
  lead: Person;
  close(): void;
}

/** Who of a team is on duty now, and whoever else is of it. */
function membersOf(desk: Desk, team: string): Person[] {
  const there = (badge: string): boolean => desk.duty?.present.includes(badge) === true;
  return [...desk.people.values()].filter((one) => one.team === team && one.leftDay === 0 && there(one.badge));
}

function CallForm({ desk, acts, shift, lead, close }: FormProps) {
  const members = membersOf(desk, lead.team);
  const act = (data: FormData) => {
    const state = (badge: string): string => textOf(data, `state ${badge}`);
    const late = members.filter(({ badge }) => state(badge) === "late").map(({ badge }) => badge);
    const gone = members.filter(({ badge }) => state(badge) === "absent").map(({ badge }) => badge);
    const absent = gone.map((badge) => [badge, textOf(data, `why ${badge}`)].filter(Boolean).join("="));
    const value = { shift, team: lead.team, late, absent, equipped: textOf(data, "equipped") !== "", note: textOf(data, "note") };
    return acts.send("shift", `${tr("Roll call")} ${shift}/${lead.team}`, CommandSchema, { body: { case: "callRoll", value } }, behalfOf(data, lead, desk.self?.badge ?? ""));
  };
  return (
    <Dialog title={tr("Roll call of %s", lead.team)} submit={tr("Record")} close={close} act={act}>
      <div class="roll">
        {members.map(({ badge, name }) => (
          <p key={badge}>
            <span>{`${name} ${badge}`}</span>{" "}
            <select name={`state ${badge}`} aria-label={`${name} ${badge}`}>
              <option value="present">{tr("present")}</option>
              <option value="late">{tr("late")}</option>
              <option value="absent">{tr("absent")}</option>
            </select>{" "}
            <input name={`why ${badge}`} autocomplete="off" maxLength={100} placeholder={tr("why absent")} aria-label={tr("why %s is absent", name)} />
          </p>
        ))}
      </div>
      <label class="choice">
        <input type="checkbox" name="equipped" value="yes" defaultChecked /> {tr("The equipment is complete")}
      </label>
      <label>
        {tr("Remark")} <input name="note" autocomplete="off" maxLength={500} />
      </label>
      <Whose lead={lead} />
    </Dialog>
  );
}

function SignForm({ desk, acts, shift, lead, close }: FormProps) {
  const number = `${shift}/${lead.team}`;
  const act = (data: FormData) => {
    const value = { kind: "roll", number, verb: Verb.SIGN, act: {} };
    return acts.send("shift", `${tr("Sign the roll call")} ${number}`, CommandSchema, { body: { case: "takeStep", value } }, behalfOf(data, lead, desk.self?.badge ?? ""));
  };
  return (
    <Dialog title={tr("Sign the roll call of %s", lead.team)} submit={tr("Sign")} close={close} act={act}>
      <Whose lead={lead} />
    </Dialog>
  );
}

function rollText(desk: Desk, roll: RollCall): string {
  const names = (badges: readonly string[]): string => badges.map((badge) => nameOnly(desk, badge)).join(" ");
  const parts = [tr("%d present", roll.present.length)];
  if (roll.late.length > 0) parts.push(`${tr("late")} ${names(roll.late)}`);
  if (roll.absent.length > 0) parts.push(`${tr("absent")} ${roll.absent.map(({ badge, why }) => `${nameOnly(desk, badge)} ${why}`.trim()).join(" ")}`);
  if (!roll.equipped) parts.push(tr("equipment not complete"));
  return [...parts, roll.note].filter(Boolean).join(" · ");
}

interface RowProps {
  desk: Desk;
  lead: Person;
  roll: RollCall | undefined;
  nowMs: number;
  start: ((is: "call" | "sign", lead: Person) => void) | undefined;
}

function Row({ desk, lead, roll, nowMs, start }: RowProps) {
  const signed = roll?.state === RollState.SIGNED;
  return (
    <tr class={signed ? "" : "differs"}>
      <td>{lead.team}</td>
      <td>{lead.name}</td>
      <td>{roll === undefined ? tr("not called") : `${word(RollStateSchema, roll.state)} ${minute(Number(roll.calledAtMs), nowMs)}`}</td>
      <td>{roll === undefined ? "" : rollText(desk, roll)}</td>
      <td>
        {!signed && start !== undefined && <button type="button" class="small" onClick={() => start("call", lead)}>{tr("Call the roll of %s", lead.team)}</button>}{" "}
        {!signed && roll !== undefined && start !== undefined && <button type="button" class="small" onClick={() => start("sign", lead)}>{tr("Sign for %s", lead.team)}</button>}
      </td>
    </tr>
  );
}

/** Asked again when anything happened at shift. */
function useRolls(desk: Desk, shift: string): RollCall[] {
  const [rolls, setRolls] = useState<RollCall[]>([]);
  const at = desk.positions.get("shift");
  useEffect(() => {
    let over = false;
    if (shift !== "") askRolls(desk.link, shift).then((told) => !over && setRolls(told), () => undefined);
    return () => {
      over = true;
    };
  }, [shift, at]);
  return rolls;
}

export function RollCalls({ desk, acts, nowMs }: { desk: Desk; acts: Acts; nowMs: number }) {
  const shift = desk.duty?.current?.number ?? "";
  const rolls = useRolls(desk, shift);
  const [form, setForm] = useState<{ is: "call" | "sign"; lead: Person }>();
  const may = [Role.DESK, Role.COMMANDER, Role.CLERK].some((role) => desk.can(role));
  const leads = [...(desk.duty?.leads ?? [])].sort((a, b) => a.team.localeCompare(b.team));
  if (shift === "") return <p class="empty">{tr("Nobody is on duty.")}</p>;
  const props = form === undefined ? undefined : { desk, acts, shift, lead: form.lead, close: () => setForm(undefined) };
  return (
    <>
      <table>
        <caption>{tr("Roll calls of shift %s", shift)}</caption>
        <thead>
          <tr>
            <th scope="col">{tr("Team")}</th>
            <th scope="col">{tr("Lead")}</th>
            <th scope="col">{tr("Status")}</th>
            <th scope="col">{tr("Who was there")}</th>
            <th scope="col">{tr("To do")}</th>
          </tr>
        </thead>
        <tbody>
          {leads.map((lead) => (
            <Row key={lead.badge} desk={desk} lead={lead} roll={rolls.find((one) => one.team === lead.team)} nowMs={nowMs} start={may ? (is, of) => setForm({ is, lead: of }) : undefined} />
          ))}
        </tbody>
      </table>
      {props !== undefined && (form?.is === "call" ? <CallForm {...props} /> : <SignForm {...props} />)}
    </>
  );
}
