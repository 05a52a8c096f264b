/** Asks how to leave: the next person at this machine shall not act in this one's name. */
import { tr } from "../words";
import { Choices, Dialog, textOf } from "./dialog";
import type { Leaving } from "./leaving";

export function LeaveForm({ leaving, who, close }: { leaving: Leaving; who: string; close(): void }) {
  const { lock, remove } = leaving;
  const ways = [
    ...(lock === undefined ? [] : [{ value: "lock", label: tr("Lock: the code opens it again") }]),
    { value: "remove", label: tr("Remove the key from this browser: the next person brings his own") },
  ];
  const act = (data: FormData) => {
    if (textOf(data, "how") === "lock") lock?.();
    else remove();
    return Promise.resolve({ is: "kept" } as const);
  };
  return (
    <Dialog title={tr("Leave %s", who)} submit={tr("Leave")} close={close} act={act}>
      <Choices legend={tr("How")} name="how" choices={ways} chosen={ways[0]?.value ?? "remove"} />
      <p class="quiet">{tr("What was sent stays sent. A key that is removed is brought again by its file, or the device is paired anew.")}</p>
    </Dialog>
  );
}
