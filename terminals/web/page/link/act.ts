/** Commands: made once, said until they are decided, and told. */
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { CommandSchema, OutcomeSchema, PositionSchema } from "../gen/envelope_pb";
import { type Link, Refused, Unanswered } from "./link";
import { uuid7 } from "./uuid";

export type Decided =
  | { is: "accepted"; number: string }
  | { is: "rejected"; code: string; text: string; sentence: string[] }
  | { is: "refused"; text: string; sentence: string[] } // not decided at all
  | { is: "unknown" }; // nobody has answered: it may have been decided; the same bytes again tell

export interface Behalf {
  onBehalfOf: string; // "": in one's own name
  reason: string;
}

/** The bytes of a command, which stay the same however often they are said. `nowMs` is the bus's clock. */
export function makeCommand<C extends DescMessage>(nowMs: number, schema: C, command: MessageInitShape<C>, behalf?: Behalf): Uint8Array {
  const body = toBinary(schema, create(schema, command));
  return toBinary(CommandSchema, create(CommandSchema, { id: uuid7(nowMs), body, ...behalf }));
}

const PATIENCE_MS = 20_000;

export async function decide(link: Link, service: string, command: Uint8Array): Promise<Decided> {
  try {
    const reply = await link.request(service, { case: "command", value: command }, 0, PATIENCE_MS);
    if (reply.kind.case !== "outcome") return { is: "unknown" };
    const { result } = fromBinary(OutcomeSchema, reply.kind.value);
    const position = result.value?.position;
    if (position !== undefined) link.note(create(PositionSchema, { ...position, hash: reply.positionHash }));
    if (result.case === "accepted") return { is: "accepted", number: result.value.number };
    if (result.case === "rejected") return { is: "rejected", code: result.value.code, text: result.value.text, sentence: result.value.sentence };
  } catch (error) {
    if (error instanceof Refused) return { is: "refused", text: error.refusal.text, sentence: error.refusal.sentence };
    if (!(error instanceof Unanswered)) throw error;
  }
  return { is: "unknown" };
}
