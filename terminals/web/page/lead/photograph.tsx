/** A photograph that belongs to the order, or to equipment recorded on it: what lq attach sends. */
import { useEffect, useState } from "preact/hooks";
import { CommandSchema, type Order } from "../gen/dispatch_pb";
import { FileType } from "../gen/rules_pb";
import { AnswerSchema, CommandSchema as SeizureCommandSchema, QuerySchema } from "../gen/seizure_pb";
import { ask } from "../link/ask";
import { ascii, sha256, startsWith } from "../link/bytes";
import { unreadable } from "../link/upload";
import { Dialog, type Ended, textOf } from "../shell/dialog";
import type { Card, Task } from "../state/card";
import { tr } from "../words";
import { perform } from "./acts";

const MIB = 1024 * 1024;
const MIB_MOST = 20;
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"].map((brand) => ascii(`ftyp${brand}`)); // services/evidence/types.c

/** What cameras make, by its first bytes; undefined: it is none of that. */
function typeOf(bytes: Uint8Array): FileType | undefined {
  if (startsWith(bytes, Uint8Array.of(0xff, 0xd8, 0xff))) return FileType.JPEG;
  if (startsWith(bytes, PNG)) return FileType.PNG;
  return HEIC.some((brand) => startsWith(bytes.subarray(4), brand)) ? FileType.HEIC : undefined;
}

/** The numbers of the equipment that was recorded on an order. */
async function itemsOn(card: Card, { number, target }: Order): Promise<string[]> {
  const { answer } = await ask(card.link, "seizure", QuerySchema, { body: { case: "list", value: { target, limit: 200 } } }, AnswerSchema);
  return answer.body.case === "items" ? answer.body.value.items.filter((item) => item.order === number).map((item) => item.number) : [];
}

/** When it was taken, by the bus's clock; 0: it was there before, or that clock is not known, and nobody says when. */
function takenAt({ clock }: Card, file: File, openedAtMs: number): bigint {
  return clock === undefined || file.lastModified < openedAtMs ? 0n : BigInt(Math.floor(file.lastModified + clock.offsetMs));
}

async function attach(card: Card, order: Order, item: string, file: File, openedAtMs: number): Promise<Ended> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = typeOf(bytes);
  if (type === undefined) return { is: "refused", text: tr("By its first bytes %s is no photograph: JPEG, PNG and HEIC are kept.", file.name), sentence: [] };
  const photograph = { blob: new Blob([bytes]), sha256: await sha256(bytes), name: file.name };
  const value = { sha256: photograph.sha256, bytes: bytes.length, type, name: file.name, takenAtMs: takenAt(card, file, openedAtMs) };
  const title = [order.number, tr("Photograph"), item].filter(Boolean).join(" ");
  if (item === "") return perform(card, "dispatch", title, CommandSchema, { body: { case: "attach", value: { ...value, kind: "order", number: order.number } } }, photograph);
  return perform(card, "seizure", title, SeizureCommandSchema, { body: { case: "attach", value: { ...value, kind: "item", number: item } } }, photograph);
}

export function PhotographForm({ card, task: { order }, close }: { card: Card; task: Task; close(): void }) {
  const [items, setItems] = useState<string[]>([]);
  const [openedAtMs] = useState(() => Date.now());
  useEffect(() => void itemsOn(card, order).then(setItems, () => undefined), []);
  const act = (data: FormData): Promise<Ended> | string => {
    const file = data.get("file");
    if (!(file instanceof File) || file.size === 0) return tr("Take a photograph, or choose one.");
    if (file.size > MIB_MOST * MIB) return tr("%s has %d MiB; at most %d are kept.", file.name, Math.ceil(file.size / MIB), MIB_MOST);
    return attach(card, order, textOf(data, "item"), file, openedAtMs).catch(unreadable);
  };
  return (
    <Dialog title={`${tr("Photograph")} ${order.number}`} submit={tr("Attach")} close={close} act={act}>
      <label>
        {tr("Photograph")} <input name="file" type="file" accept="image/*" capture="environment" />
      </label>
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
