/** What has been done and is not on the card yet: it waits to be sent, or its record has not come. */
import { fromBinary } from "@bufbuild/protobuf";
import { type Assignment, type Command, CommandSchema as DispatchCommandSchema, Step } from "../gen/dispatch_pb";
import { CommandSchema } from "../gen/envelope_pb";
import type { Entry } from "../link/outbox";
import type { Card } from "../state/card";
import { nextStep } from "../state/orders";

/** Those that wait, and those that were accepted as long as the card has not followed their record. */
export function pendingEntries({ outbox, positions }: Card): Entry[] {
  const isFollowed = (stream: string, seq: bigint): boolean => (positions.get(stream) ?? seq) >= seq;
  const accepted = outbox.accepted.filter(({ position }) => position !== undefined && !isFollowed(position.stream, position.seq));
  return [...accepted.map(({ entry }) => entry), ...outbox.waiting];
}

export function dispatchBody(entry: Entry): Command["body"] {
  if (entry.service !== "dispatch") return { case: undefined };
  return fromBinary(DispatchCommandSchema, fromBinary(CommandSchema, entry.command).body).body;
}

/** A team's part as it is to be, once what waits is accepted. */
export interface Ahead {
  /** What the large button says; undefined: nothing is left to report. */
  next: Step | undefined;
  step: Step;
  isDeclined: boolean;
}

export function ahead(order: string, part: Assignment, pending: readonly Entry[]): Ahead {
  let { step } = part;
  let isDeclined = false;
  for (const entry of pending) {
    const body = dispatchBody(entry);
    if (body.case !== "reportStep" && body.case !== "declineOrder") continue;
    if (body.value.order !== order || body.value.team !== part.team) continue;
    if (body.case === "declineOrder") isDeclined = true;
    else if (body.value.step > step) step = body.value.step;
  }
  const next = isDeclined ? undefined : nextStep({ ...part, step });
  return { next, step, isDeclined };
}

/** The number of the order that an act is about: its title begins with it. */
export function isAbout(entry: Entry, order: string): boolean {
  return entry.title.startsWith(`${order} `);
}
