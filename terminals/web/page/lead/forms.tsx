/** What a lead says in words: why he declines, for what he needs help, who went with him. */
import { Dialog, type Ended, textOf } from "../shell/dialog";
import type { Card, Task } from "../state/card";
import { tr } from "../words";
import { performOnOrder } from "./acts";
import { ItemForm } from "./item";
import { NoticeForm } from "./notice";
import { PhotographForm } from "./photograph";

export type LeadForm = { is: "decline" | "help" | "crew" | "item" | "notice" | "photograph" } & Task;

interface FormProps {
  card: Card;
  form: LeadForm;
  close(): void;
}

function WordsForm({ card, form, close }: FormProps) {
  const { order, part } = form;
  const isHelp = form.is === "help";
  const title = isHelp ? tr("Call for help") : tr("Decline");
  const act = (data: FormData): Promise<Ended> | string => {
    const [words, what] = [textOf(data, "words"), { order: order.number, team: part.team }];
    const line = `${order.number} ${title}`;
    if (isHelp) return performOnOrder(card, line, { case: "callForHelp", value: { ...what, words } });
    return words === "" ? tr("Why does the team decline? Its own words say so.") : performOnOrder(card, line, { case: "declineOrder", value: { ...what, why: words } });
  };
  return (
    <Dialog title={`${title} ${order.number}`} submit={title} close={close} act={act}>
      <label>
        {isHelp ? tr("For what") : tr("Why")} <input name="words" autocomplete="off" maxLength={500} autofocus />
      </label>
    </Dialog>
  );
}

function wordsOf(data: FormData, name: string): string[] {
  return textOf(data, name).split(/[\s,，、;；]+/).filter(Boolean);
}

function kilometres(data: FormData, name: string): number | undefined {
  const text = textOf(data, name);
  return /^\d{0,7}$/.test(text) ? Number(text) : undefined;
}

function CrewForm({ card, form: { order, part }, close }: FormProps) {
  const title = tr("Crew");
  const act = (data: FormData): Promise<Ended> | string => {
    const people = data.getAll("people").map(String);
    const [vehicles, machines] = [wordsOf(data, "vehicles"), wordsOf(data, "machines")];
    const [odometerOutKm, odometerInKm] = [kilometres(data, "out"), kilometres(data, "in")];
    if (odometerOutKm === undefined || odometerInKm === undefined) return tr("The odometer is a number of kilometres, without a fraction.");
    if (people.length + vehicles.length + machines.length + odometerOutKm + odometerInKm === 0) return tr("Choose who went along, or say with what.");
    const value = { order: order.number, team: part.team, people, vehicles, machines, odometerOutKm, odometerInKm };
    return performOnOrder(card, `${order.number} ${title}`, { case: "recordCrew", value });
  };
  return (
    <Dialog title={`${title} ${order.number}`} submit={tr("Enter")} close={close} act={act}>
      <fieldset>
        <legend>{tr("People")}</legend>
        {card.people.map(({ badge, name }) => (
          <label key={badge} class="choice">
            <input type="checkbox" name="people" value={badge} /> {name} <span class="quiet">{badge}</span>
          </label>
        ))}
      </fieldset>
      <label>
        {tr("Vehicles")} <input name="vehicles" autocomplete="off" maxLength={200} placeholder={tr("plates, or how many")} />
      </label>
      <label>
        {tr("Machines")} <input name="machines" autocomplete="off" maxLength={200} placeholder={tr("names, or how many")} />
      </label>
      <label>
        {tr("Odometer out")} <input name="out" inputMode="numeric" autocomplete="off" maxLength={7} placeholder={tr("km")} />
      </label>
      <label>
        {tr("Odometer in")} <input name="in" inputMode="numeric" autocomplete="off" maxLength={7} placeholder={tr("km")} />
      </label>
    </Dialog>
  );
}

export function OpenLeadForm(props: FormProps) {
  const { card, form, close } = props;
  if (form.is === "item") return <ItemForm card={card} task={form} close={close} />;
  if (form.is === "notice") return <NoticeForm card={card} task={form} close={close} />;
  if (form.is === "photograph") return <PhotographForm card={card} task={form} close={close} />;
  return form.is === "crew" ? <CrewForm {...props} /> : <WordsForm {...props} />;
}
