/** A correction notice to the premises of an order, of the county's form or the statutory one: what lq notice issue sends. */
import { useState } from "preact/hooks";
import { CommandSchema, NoticeForm as Form, NoticeFormSchema } from "../gen/casefile_pb";
import { Choices, Dialog, type Ended, textOf } from "../shell/dialog";
import type { Card, Task } from "../state/card";
import { dayOfMs, dayText, readDay } from "../state/periods";
import { tr, word } from "../words";
import { perform } from "./acts";

const FORMS = [Form.COUNTY, Form.STATUTORY];

interface Said {
  form: Form;
  finding: string;
  due: string;
  report: string;
}

/** What is missing, in words; "": nothing that can be seen here. */
function missing({ form, finding, due, report }: Said): string {
  if (finding === "") return tr("What was found, and is to be put right?");
  if (form === Form.COUNTY && due === "") return tr("By which day is it to be put right?");
  return [due, report].every((day) => day === "" || readDay(day) !== undefined) ? "" : tr("That is no day of the calendar.");
}

export function NoticeForm({ card, task: { order }, close }: { card: Card; task: Task; close(): void }) {
  const [form, setForm] = useState(Form.COUNTY);
  const today = dayText(dayOfMs(card.nowMs()));
  const act = (data: FormData): Promise<Ended> | string => {
    const said = { form, finding: textOf(data, "finding"), due: textOf(data, "due"), report: textOf(data, "report") };
    const number = textOf(data, "number");
    const value = { number, premises: order.target, finding: said.finding, dueDay: readDay(said.due) ?? 0, form, reportDay: readDay(said.report) ?? 0 };
    const title = [order.number, word(NoticeFormSchema, form), number].filter(Boolean).join(" ");
    return missing(said) || perform(card, "casefile", title, CommandSchema, { body: { case: "issueNotice", value } });
  };
  const choose = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement && target.name === "form") setForm(Number(target.value));
  };
  return (
    <Dialog title={`${tr("Correction notice")} ${order.number}`} submit={tr("Issue the notice")} close={close} act={act}>
      <p>
        {tr("Premises")} <b>{order.targetName || order.target}</b> {order.targetName !== "" && <span class="quiet">{order.target}</span>}
      </p>
      <div onChange={choose}>
        <Choices legend={tr("Form")} name="form" choices={FORMS.map((one) => ({ value: String(one), label: word(NoticeFormSchema, one) }))} chosen={String(form)} />
      </div>
      <label>
        {tr("Finding")} <textarea name="finding" rows={3} maxLength={500} />
      </label>
      {form === Form.STATUTORY && (
        <label>
          {tr("Report obtained on (today, if empty)")} <input name="report" type="date" max={today} />
        </label>
      )}
      <label>
        {tr("To be put right by")} <input name="due" type="date" min={today} />
      </label>
      <label>
        {tr("Notice number")} <input name="number" autocomplete="off" maxLength={32} placeholder={tr("or the next one")} />
      </label>
    </Dialog>
  );
}
