/** The county's correction notice to the premises of an order: what lq notice issue sends. */
import { CommandSchema } from "../gen/casefile_pb";
import { Dialog, type Ended, textOf } from "../shell/dialog";
import type { Card, Task } from "../state/card";
import { dayOfMs, dayText, readDay } from "../state/periods";
import { tr } from "../words";
import { perform } from "./acts";

export function NoticeForm({ card, task: { order }, close }: { card: Card; task: Task; close(): void }) {
  const title = tr("Correction notice");
  const act = (data: FormData): Promise<Ended> | string => {
    const [number, finding, due] = [textOf(data, "number"), textOf(data, "finding"), readDay(textOf(data, "due"))];
    if (finding === "") return tr("What was found, and is to be put right?");
    if (due === undefined) return tr("By which day is it to be put right?");
    const value = { number, premises: order.target, finding, dueDay: due };
    return perform(card, "casefile", [order.number, title, number].filter(Boolean).join(" "), CommandSchema, { body: { case: "issueNotice", value } });
  };
  return (
    <Dialog title={`${title} ${order.number}`} submit={tr("Issue the notice")} close={close} act={act}>
      <p>
        {tr("Premises")} <b>{order.targetName || order.target}</b> {order.targetName !== "" && <span class="quiet">{order.target}</span>}
      </p>
      <label>
        {tr("Finding")} <textarea name="finding" rows={3} maxLength={500} />
      </label>
      <label>
        {tr("To be put right by")} <input name="due" type="date" min={dayText(dayOfMs(card.nowMs()))} />
      </label>
      <label>
        {tr("Notice number")} <input name="number" autocomplete="off" maxLength={32} placeholder={tr("or the next one")} />
      </label>
    </Dialog>
  );
}
