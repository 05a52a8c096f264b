/** A photograph that belongs to the order, or to equipment recorded on it: what lq attach sends. */
import { useEffect, useState } from "preact/hooks";
import { CommandSchema, type Order } from "../gen/dispatch_pb";
import { AnswerSchema, CommandSchema as SeizureCommandSchema, QuerySchema } from "../gen/seizure_pb";
import { ask } from "../link/ask";
import { sha256 } from "../link/bytes";
import { isWhole, typeOf } from "../link/picture";
import type { Entry } from "../link/outbox";
import { unreadable } from "../link/upload";
import { Dialog, type Ended, textOf } from "../shell/dialog";
import type { Card, Task } from "../state/card";
import { tr } from "../words";
import { perform } from "./acts";
import { isAbout } from "./pending";

const MIB = 1024 * 1024;
const MIB_MOST = 20;

/** The numbers of the equipment that was recorded on an order. */
async function itemsOn(card: Card, { number, target }: Order): Promise<string[]> {
  const { answer } = await ask(card.link, "seizure", QuerySchema, { body: { case: "list", value: { target, limit: 200 } } }, AnswerSchema);
  return answer.body.case === "items" ? answer.body.value.items.filter((item) => item.order === number).map((item) => item.number) : [];
}

/** When it was taken, by the bus's clock; 0: it was there before, or that clock is not known, and nobody says when. */
function takenAt({ clock }: Card, file: File, openedAtMs: number): bigint {
  return clock === undefined || file.lastModified < openedAtMs ? 0n : BigInt(Math.floor(file.lastModified + clock.offsetMs));
}

/** What is recorded on an order and is not sent yet: its number is not known. */
function notSent({ outbox }: Card, order: Order): Entry[] {
  return outbox.waiting.filter((entry) => entry.service === "seizure" && entry.photograph === undefined && isAbout(entry, order.number));
}

/** `of`: what it is attached to once that has a number; else `item` is the number, or it is the order's. */
async function attach(card: Card, order: Order, item: string, of: Entry | undefined, file: File, openedAtMs: number): Promise<Ended> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = typeOf(bytes);
  if (type === undefined) return { is: "refused", text: tr("By its first bytes %s is no photograph: JPEG, PNG and HEIC are kept.", file.name), sentence: [] };
  if (!isWhole(type, bytes)) return { is: "refused", text: tr("%s was cut off: its end is missing. Take it again, or fetch it from the camera again.", file.name), sentence: [] };
  const photograph = { blob: new Blob([bytes]), sha256: await sha256(bytes), name: file.name };
  const value = { sha256: photograph.sha256, bytes: bytes.length, type, name: file.name, takenAtMs: takenAt(card, file, openedAtMs) };
  const title = [order.number, tr("Photograph"), of?.title.slice(order.number.length + 1) ?? item].filter(Boolean).join(" ");
  if (item === "" && of === undefined) return perform(card, "dispatch", title, CommandSchema, { body: { case: "attach", value: { ...value, kind: "order", number: order.number } } }, photograph);
  return perform(card, "seizure", title, SeizureCommandSchema, { body: { case: "attach", value: { ...value, kind: "item", number: item } } }, photograph, of);
}

export function PhotographForm({ card, task: { order }, close }: { card: Card; task: Task; close(): void }) {
  const [items, setItems] = useState<string[]>([]);
  const [openedAtMs] = useState(() => Date.now());
  const unsent = notSent(card, order);
  useEffect(() => void itemsOn(card, order).then(setItems, () => undefined), []);
  const act = (data: FormData): Promise<Ended> | string => {
    const file = data.get("file");
    if (!(file instanceof File) || file.size === 0) return tr("Take a photograph, or choose one.");
    if (file.size > MIB_MOST * MIB) return tr("%s has %d MiB; at most %d are kept.", file.name, Math.ceil(file.size / MIB), MIB_MOST);
    const [chosen, item] = [textOf(data, "of"), textOf(data, "item")];
    const isChosen = ({ number }: Entry): boolean => String(number) === chosen;
    const of = card.outbox.waiting.find(isChosen);
    const sent = card.outbox.accepted.find(({ entry }) => isChosen(entry)); // meanwhile
    if (chosen !== "" && of === undefined && sent === undefined) return tr("What it is to be attached to is not kept here any more: give the item's number.");
    if (chosen !== "" && item !== "") return tr("Either it belongs to what is not sent yet, or to the item with this number.");
    return attach(card, order, sent?.number ?? item, of, file, openedAtMs).catch(unreadable);
  };
  return (
    <Dialog title={`${tr("Photograph")} ${order.number}`} submit={tr("Attach")} close={close} act={act}>
      <label>
        {tr("Photograph")} <input name="file" type="file" accept="image/*" capture="environment" />
      </label>
      {unsent.length > 0 && (
        <label>
          {tr("Not sent yet")}
          <select name="of">
            <option value="">{tr("none of these")}</option>
            {unsent.map(({ number, title }) => (
              <option key={number} value={number}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {tr("Item number")} <input name="item" list="items" autocomplete="off" maxLength={32} placeholder={tr("none: of the order")} />
      </label>
      <datalist id="items">
        {items.map((number) => (
          <option key={number} value={number} />
        ))}
      </datalist>
    </Dialog>
  );
}
