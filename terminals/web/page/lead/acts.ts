/** What a lead does: each act is kept in the outbox before the button answers. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { CommandSchema } from "../gen/dispatch_pb";
import type { Entry, Photograph } from "../link/outbox";
import type { Ended } from "../shell/dialog";
import type { Card } from "../state/card";
import { tr } from "../words";

type Body = NonNullable<MessageInitShape<typeof CommandSchema>["body"]>;

/** Why an act is not kept yet: it would be dated by a clock that nobody has looked at. "": it may be. */
export function clockDoubt({ clock, trustsOwnClock }: Card): string {
  if (clock !== undefined || trustsOwnClock) return "";
  return tr("This device's clock has never been compared with the bus's, and what you do would be dated by it. Look whether it is right, then keep acts by it.");
}

/** Keeps an act as done now; `awaits` is one that records what it is attached to. A refusal is this browser's own: nothing was kept. */
export async function perform<C extends DescMessage>(card: Card, service: string, title: string, schema: C, command: MessageInitShape<C>, photograph?: Photograph, awaits?: Entry): Promise<Ended> {
  const doubt = clockDoubt(card);
  if (doubt !== "") return { is: "refused", text: doubt, sentence: [] };
  try {
    await card.outbox.keep(service, title, schema, command, photograph, awaits);
    return { is: "kept" };
  } catch (error) {
    const text = tr("This browser could not keep it, and nothing was sent: %s. Make room on the device, then do it again.", String(error));
    return { is: "refused", text, sentence: [] };
  }
}

export function performOnOrder(card: Card, title: string, body: Body): Promise<Ended> {
  return perform(card, "dispatch", title, CommandSchema, { body });
}
