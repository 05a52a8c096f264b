/** What the desk enters: a report that was phoned in, a new order, what becomes of a call, a cancellation. */
import { type Assignment, type Call, type Order, Priority, PrioritySchema, Step, StepSchema } from "../gen/dispatch_pb";
import { Verb } from "../gen/rules_pb";
import type { Desk } from "../state/desk";
import { isAtWork } from "../state/dispatch";
import type { Places } from "../state/places";
import { sortedOrders } from "../state/orders";
import { kindWord, tr, word } from "../words";
import type { Acts } from "../shell/acts";
import { Choices, Dialog, textOf } from "../shell/dialog";
import { nameOnly } from "../shell/names";
import { CHANNELS } from "./line";
import { PremisesBox } from "./premises_box";

export type Form =
  | { is: "report"; order: Order; part: Assignment; step: Step | "decline" }
  | { is: "issue"; target: string } // "": it is chosen in the form
  | { is: "call"; call: Call }
  | { is: "cancel"; order: Order };

interface FormProps<F extends Form["is"]> {
  desk: Desk;
  acts: Acts;
  places: Places;
  form: Extract<Form, { is: F }>;
  close(): void;
}

// -------------------------------------------------------------- a report

const DECLINE = "decline";

/** Whose report it is: who answers for the team; "": it is one's own. */
export function reporter(desk: Desk, part: Assignment): string {
  const lead = desk.duty?.leads.find((person) => person.team === part.team)?.badge ?? "";
  const badge = part.to !== "" ? part.to : lead;
  return badge === desk.self?.badge ? "" : badge;
}

function ReportForm({ desk, acts, form, close }: FormProps<"report">) {
  const { order, part } = form;
  const steps = [Step.ACKNOWLEDGED, Step.DEPARTED, Step.ON_SCENE, Step.FINISHED].filter((step) => step > part.step);
  const choices = steps.map((step) => ({ value: String(step), label: word(StepSchema, step) }));
  if (part.step <= Step.ACKNOWLEDGED) choices.push({ value: DECLINE, label: tr("Declined") });
  const who = reporter(desk, part);
  const act = (data: FormData) => {
    const [step, channel, words] = [textOf(data, "step"), textOf(data, "channel"), textOf(data, "words")];
    const behalf = who === "" ? undefined : { onBehalfOf: who, reason: tr(channel) };
    const label = choices.find(({ value }) => value === step)?.label ?? "";
    const title = `${order.number} ${part.team} ${label}`;
    if (step !== DECLINE) {
      return acts.perform(title, { case: "reportStep", value: { order: order.number, team: part.team, step: Number(step), channel, words } }, behalf);
    }
    if (words === "") return tr("Why does the team decline? Its own words say so.");
    return acts.perform(title, { case: "declineOrder", value: { order: order.number, team: part.team, why: words } }, behalf);
  };
  return (
    <Dialog title={tr("%s: report of %s", order.number, part.team)} submit={tr("Report")} close={close} act={act}>
      <p class="quiet">{who === "" ? order.targetName : `${order.targetName} · ${tr("for %s", nameOnly(desk, who))}`}</p>
      <Choices legend={tr("What is reported")} name="step" choices={choices} chosen={String(form.step)} />
      <Choices legend={tr("How it was told")} name="channel" choices={CHANNELS.map(({ value }) => ({ value, label: tr(value) }))} chosen={CHANNELS[0]?.value ?? ""} />
      <label>
        {tr("Own words")} <input name="words" autocomplete="off" maxLength={500} />
      </label>
    </Dialog>
  );
}

// -------------------------------------------------------------- an order

export const KINDS = ["raid", "patrol", "demolition", "shutdown", "off_peak_check", "night_check", "check"];

function engagedTeams(desk: Desk): Set<string> {
  return new Set(desk.dispatch.orders.values().flatMap((order) => order.assignments.filter(isAtWork).map((part) => part.team)));
}

/** "E0123 献县…" as it is chosen from the list, the only premises that are meant, or what was typed: the service knows. */
function targetOf(places: Places, typed: string): string {
  const number = typed.split(/\s/)[0] ?? "";
  return places.get(number)?.premises?.number ?? places.index.one(typed)?.premises?.number ?? number;
}

function TeamChoices({ desk }: { desk: Desk }) {
  const engaged = engagedTeams(desk);
  const leads = [...(desk.duty?.leads ?? [])].sort((a, b) => Number(engaged.has(a.team)) - Number(engaged.has(b.team)) || a.team.localeCompare(b.team));
  return (
    <fieldset>
      <legend>{tr("Teams")}</legend>
      {leads.map((lead) => (
        <label key={lead.team} class="choice">
          <input type="checkbox" name="team" value={lead.team} disabled={engaged.has(lead.team)} /> {lead.team} {lead.name}
          {engaged.has(lead.team) && <span class="quiet"> {tr("engaged")}</span>}
        </label>
      ))}
    </fieldset>
  );
}

function IssueForm({ desk, acts, places, form, close }: FormProps<"issue">) {
  const act = (data: FormData) => {
    const typed = textOf(data, "target");
    const teams = data.getAll("team").map(String);
    if (typed === "") return tr("Where to? Choose the premises by number or name.");
    if (teams.length === 0) return tr("An order needs at least one team to carry it out.");
    const order = {
      kind: textOf(data, "kind"),
      target: targetOf(places, typed),
      priority: Number(textOf(data, "priority")),
      teams,
      instructions: textOf(data, "instructions"),
    };
    return acts.perform(`${tr("Order")} ${order.target} → ${teams.join(" ")}`, { case: "issueOrder", value: order });
  };
  return (
    <Dialog title={tr("New order")} submit={tr("Issue")} close={close} act={act}>
      <PremisesBox places={places} start={form.target} />
      <label>
        {tr("Kind")}{" "}
        <select name="kind">
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {kindWord(kind)}
            </option>
          ))}
        </select>
      </label>
      <Choices
        legend={tr("Priority")}
        name="priority"
        choices={[Priority.FLASH, Priority.URGENT, Priority.ROUTINE].map((priority) => ({ value: String(priority), label: word(PrioritySchema, priority) }))}
        chosen={String(Priority.ROUTINE)}
      />
      <TeamChoices desk={desk} />
      <label>
        {tr("Instructions")} <textarea name="instructions" rows={3} maxLength={2000} />
      </label>
    </Dialog>
  );
}

// -------------------------------------------------------------- a call, a cancellation

function CallForm({ desk, acts, form, close }: FormProps<"call">) {
  const { call } = form;
  const orders = sortedOrders(desk.dispatch.orders.values()).reverse();
  const act = (data: FormData) => {
    const [order, note] = [textOf(data, "order"), textOf(data, "note")];
    if (order === "" && note === "") return tr("No order for it? Then say why none is needed.");
    const step = order !== "" ? { verb: Verb.ASSIGN, act: { related: order } } : { verb: Verb.DISMISS, act: { note } };
    const title = `${call.number} ${order !== "" ? order : tr("Dismissed")}`;
    return acts.perform(title, { case: "takeStep", value: { kind: "call", number: call.number, ...step } });
  };
  return (
    <Dialog title={tr("Decide about call %s", call.number)} submit={tr("Decide")} close={close} act={act}>
      <p>{kindWord(call.what)}</p>
      <label>
        {tr("Answered with order")}{" "}
        <select name="order">
          <option value="">{tr("none")}</option>
          {orders.map(({ number, targetName }) => (
            <option key={number} value={number}>{`${number} ${targetName}`}</option>
          ))}
        </select>
      </label>
      <label>
        {tr("Remark")} <input name="note" autocomplete="off" maxLength={500} />
      </label>
    </Dialog>
  );
}

function CancelForm({ acts, form, close }: FormProps<"cancel">) {
  const { number } = form.order;
  const act = (data: FormData) => {
    const why = textOf(data, "why");
    return why === "" ? tr("An order is not cancelled without saying why.") : acts.perform(`${number} ${tr("Cancel")}`, { case: "cancelOrder", value: { order: number, why } });
  };
  return (
    <Dialog title={tr("Cancel order %s", number)} submit={tr("Cancel the order")} close={close} act={act}>
      <label>
        {tr("Why")} <input name="why" autocomplete="off" maxLength={500} required autofocus />
      </label>
    </Dialog>
  );
}

interface OpenFormProps {
  desk: Desk;
  acts: Acts;
  places: Places;
  form: Form;
  close(): void;
}

export function OpenForm({ form, ...rest }: OpenFormProps) {
  switch (form.is) {
    case "report":
      return <ReportForm {...rest} form={form} />;
    case "issue":
      return <IssueForm {...rest} form={form} />;
    case "call":
      return <CallForm {...rest} form={form} />;
    case "cancel":
      return <CancelForm {...rest} form={form} />;
  }
}
