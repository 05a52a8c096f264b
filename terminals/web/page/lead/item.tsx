/** Equipment that is sealed, dismantled, or proposed for sealing: what lq seizure record and propose send. */
import { useState } from "preact/hooks";
import { Action, CommandSchema } from "../gen/seizure_pb";
import { Choices, Dialog, type Ended, textOf } from "../shell/dialog";
import type { Card, Task } from "../state/card";
import { language, tr, TR } from "../words";
import { perform } from "./acts";

// What equipment mostly is; anything else is taken as it is typed (terminals/lq/show/kinds.c).
const KINDS = [TR("cupola"), TR("coal_boiler"), TR("transformer"), TR("furnace")];

function kindLabel(kind: string): string {
  return language === "zh" ? tr(kind) : kind.replaceAll("_", " ");
}

type What = "emergency" | "approved" | "dismantled" | "proposed";

function whats(): { value: What; label: string }[] {
  return [
    { value: "emergency", label: tr("Sealed in an emergency") },
    { value: "approved", label: tr("Sealed as approved") },
    { value: "dismantled", label: tr("Dismantled") },
    { value: "proposed", label: tr("Proposed for sealing") },
  ];
}

interface Said {
  what: What;
  number: string;
  kind: string;
  specification: string;
  seal: string;
  officer2: string;
  ground: string;
}

function read(data: FormData): Said {
  const typed = textOf(data, "kind");
  const kind = KINDS.find((one) => kindLabel(one) === typed) ?? typed;
  const text = (name: string): string => textOf(data, name);
  return { what: text("what") as What, number: text("number"), kind, specification: text("specification"), seal: text("seal"), officer2: text("officer"), ground: text("ground") };
}

/** What is missing, in words; "": nothing that can be seen here. */
function missing({ what, number, kind, seal, officer2, ground }: Said): string {
  if (what === "approved" && number === "") return tr("Under which number was it approved?");
  if (what !== "approved" && kind === "") return tr("What is it: a cupola, a boiler, a transformer?");
  if (what === "proposed") return ground === "" ? tr("On which ground is it to be sealed?") : "";
  if (what !== "dismantled" && seal === "") return tr("Which number does the seal bear?");
  return officer2 === "" ? tr("Two officers must act: who is the other one?") : "";
}

/** What of the thing is asked for, by what was done with it. */
function ThingFields({ what }: { what: What }) {
  return (
    <>
      {(what === "approved" || what === "proposed") && (
        <label>
          {tr("Item number")} <input name="number" autocomplete="off" maxLength={32} placeholder={what === "proposed" ? tr("or the next one") : ""} />
        </label>
      )}
      {what !== "approved" && (
        <>
          <label>
            {tr("Equipment")} <input name="kind" list="kinds" autocomplete="off" maxLength={64} />
          </label>
          <datalist id="kinds">
            {KINDS.map((kind) => (
              <option key={kind} value={kindLabel(kind)} />
            ))}
          </datalist>
          <label>
            {tr("Specification")} <input name="specification" autocomplete="off" maxLength={64} />
          </label>
        </>
      )}
      {(what === "emergency" || what === "approved") && (
        <label>
          {tr("Seal number")} <input name="seal" autocomplete="off" maxLength={32} />
        </label>
      )}
      {(what === "emergency" || what === "proposed") && (
        <label>
          {tr("Ground")} <input name="ground" autocomplete="off" maxLength={200} />
        </label>
      )}
    </>
  );
}

function OfficerField({ card }: { card: Card }) {
  return (
    <label>
      {tr("Other officer")}
      <select name="officer">
        <option value=""></option>
        {card.people.filter(({ badge }) => badge !== card.outbox.badge).map(({ badge, name }) => (
          <option key={badge} value={badge}>
            {name} {badge}
          </option>
        ))}
      </select>
    </label>
  );
}

function keepItem(card: Card, { order }: Task, said: Said): Promise<Ended> {
  const { what, number, kind, specification, seal, officer2, ground } = said;
  const thing = { number, order: order.number, target: order.target, kind, specification, ground };
  const title = [order.number, whats().find(({ value }) => value === what)?.label, seal || kindLabel(kind)].join(" ");
  if (what === "proposed") return perform(card, "seizure", title, CommandSchema, { body: { case: "proposeItem", value: thing } });
  const action = what === "dismantled" ? Action.DISMANTLED : Action.SEALED;
  const value = { ...thing, action, seal, officer1: card.outbox.badge, officer2, emergency: what === "emergency" };
  return perform(card, "seizure", title, CommandSchema, { body: { case: "takeItem", value } });
}

export function ItemForm({ card, task, close }: { card: Card; task: Task; close(): void }) {
  const [what, setWhat] = useState<What>("emergency");
  const act = (data: FormData): Promise<Ended> | string => {
    const said = read(data);
    return missing(said) || keepItem(card, task, said);
  };
  const choose = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement && target.name === "what") setWhat(target.value as What);
  };
  return (
    <Dialog title={`${tr("Seizure")} ${task.order.number}`} submit={tr("Enter")} close={close} act={act}>
      <div onChange={choose}>
        <Choices legend={tr("What was done")} name="what" choices={whats()} chosen={what} />
      </div>
      <ThingFields what={what} />
      {what !== "proposed" && <OfficerField card={card} />}
    </Dialog>
  );
}
