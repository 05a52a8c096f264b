/** Commands: made once, said until they are decided, and told. */
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { CommandSchema, CommandsSchema, OutcomeSchema, type Position, PositionSchema } from "../gen/envelope_pb";
import { type Link, Refused, Unanswered } from "./link";
import { uuid7 } from "./uuid";

export type Decided =
  | { is: "accepted"; number: string; position?: Position | undefined } // of the last record that it wrote
  | { is: "rejected"; code: string; text: string; sentence: string[] }
  | { is: "refused"; text: string; sentence: string[] } // not decided at all
  | { is: "unknown" }; // nobody has answered: it may have been decided; the same bytes again tell

export interface Behalf {
  onBehalfOf: string; // "": in one's own name
  reason: string;
}

/**
 * The bytes of a command, which stay the same however often they are said. `nowMs` is the bus's clock; `atMs` is when it
 * happened, 0: when the service receives it.
 */
export function makeCommand<C extends DescMessage>(nowMs: number, schema: C, command: MessageInitShape<C>, behalf?: Behalf, atMs = 0): Uint8Array {
  const body = toBinary(schema, create(schema, command));
  return toBinary(CommandSchema, create(CommandSchema, { id: uuid7(nowMs), body, occurredAtMs: BigInt(Math.floor(atMs)), ...behalf }));
}

const PATIENCE_MS = 20_000;

function readOutcome(link: Link, outcome: Uint8Array, positionHash: Uint8Array): Decided {
  const { result } = fromBinary(OutcomeSchema, outcome);
  const told = result.value?.position;
  const position = told === undefined ? undefined : create(PositionSchema, { ...told, hash: positionHash });
  link.note(position);
  if (result.case === "accepted") return { is: "accepted", number: result.value.number, position };
  if (result.case === "rejected") return { is: "rejected", code: result.value.code, text: result.value.text, sentence: result.value.sentence };
  return { is: "unknown" };
}

/** `slowMs` is how long a large one may be on its way. */
export async function decide(link: Link, service: string, command: Uint8Array, slowMs = 0): Promise<Decided> {
  try {
    const reply = await link.request(service, { case: "command", value: command }, slowMs, PATIENCE_MS + slowMs);
    if (reply.kind.case === "outcome") return readOutcome(link, reply.kind.value, reply.positionHash);
  } catch (error) {
    if (error instanceof Refused) return { is: "refused", text: error.refusal.text, sentence: error.refusal.sentence };
    if (!(error instanceof Unanswered)) throw error;
  }
  return { is: "unknown" };
}

/** Of one of several: "later" was not decided, and what came behind it was not looked at. */
export type DecidedOfSeveral = Decided | { is: "later"; text: string; sentence: string[] };

/**
 * Says up to 64 commands to one service in one request. Gives what became of them, in their order; fewer if the service
 * stopped at one. Throws Refused, where the request was turned away, and Unanswered.
 */
export async function decideSeveral(link: Link, service: string, commands: Uint8Array[]): Promise<DecidedOfSeveral[]> {
  const value = toBinary(CommandsSchema, create(CommandsSchema, { commands }));
  const { kind } = await link.request(service, { case: "commands", value }, 0, PATIENCE_MS);
  if (kind.case !== "outcomes") return [];
  return kind.value.outcomes.map(({ kind: one, positionHash }): DecidedOfSeveral => {
    if (one.case === "outcome") return readOutcome(link, one.value, positionHash);
    if (one.case !== "refusal") return { is: "unknown" };
    const { text, sentence, retry } = one.value;
    return { is: retry ? "later" : "refused", text, sentence };
  });
}
