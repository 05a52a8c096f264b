/**
 * Asks lq key pair to register this device's key, until it is decided. Decided means that the one-time key opens nothing
 * any more: whether the device was registered is seen by its own key opening the bus, and by nothing else.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import nacl from "tweetnacl";
import { BusAnswerSchema, BusQuerySchema, QuerySchema, type Self } from "../gen/envelope_pb";
import { AnswerSchema, QuerySchema as PairQuerySchema, type Waiting } from "../gen/pair_pb";
import type { LongTermKey } from "../link/curve";
import { Link, type LinkState, Refused, Unanswered } from "../link/link";
import type { Connect } from "../link/wire";
import type { PairLink } from "./link";

export type Ended =
  | { is: "registered"; self: Self }
  | { is: "not-registered" } // not confirmed, broken off, over, or the link was spent before
  | { is: "refused"; text: string }; // another device has used the link

/** What is told meanwhile: who the device will belong to, and whether somebody answers. */
export interface Progress {
  waiting(waiting: Waiting): void;
  trouble(state: LinkState, nobodyAnswers: boolean): void;
}

const PATIENCE_MS = 3_000; // then the state of the link is looked at
const AGAIN_MS = 1_000;

function isDecided(state: LinkState): boolean {
  return state.is === "revoked" || (state.is === "down" && state.by === "refused");
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(link: Link, service: string, body: Uint8Array): Promise<Uint8Array | undefined> {
  const value = toBinary(QuerySchema, create(QuerySchema, { body }));
  try {
    const { kind } = await link.request(service, { case: "query", value }, 0, PATIENCE_MS);
    return kind.case === "answer" ? kind.value.body : undefined;
  } catch (error) {
    if (error instanceof Unanswered) return undefined;
    throw error;
  }
}

async function untilDecided(link: Link, body: Uint8Array, progress: Progress): Promise<void> {
  while (!isDecided(link.state)) {
    const answer = await ask(link, "pair", body);
    const told = answer === undefined ? undefined : fromBinary(AnswerSchema, answer);
    if (told?.body.case === "waiting") progress.waiting(told.body.value);
    else if (!isDecided(link.state)) progress.trouble(link.state, link.troubles.has("pair"));
    if (answer !== undefined) await pause(AGAIN_MS);
  }
}

async function askWhoIAm(link: Link, progress: Progress): Promise<Ended> {
  const body = toBinary(BusQuerySchema, create(BusQuerySchema, { body: { case: "self", value: {} } }));
  while (!isDecided(link.state)) {
    const answer = await ask(link, "bus", body);
    const told = answer === undefined ? undefined : fromBinary(BusAnswerSchema, answer);
    if (told?.body.case === "self") return { is: "registered", self: told.body.value };
    progress.trouble(link.state, false);
  }
  return { is: "not-registered" };
}

/** Registers the key, which is this device's own. */
export async function enroll(connect: Connect, { oneTime, bus }: PairLink, key: LongTermKey, progress: Progress): Promise<Ended> {
  const agree = (other: Uint8Array): Promise<Uint8Array> => Promise.resolve(nacl.scalarMult(oneTime.secretKey, other));
  const once = new Link(connect, { publicKey: oneTime.publicKey, agree }, bus);
  once.begin();
  try {
    const value = { publicKey: key.publicKey };
    await untilDecided(once, toBinary(PairQuerySchema, create(PairQuerySchema, { body: { case: "enroll", value } })), progress);
  } catch (error) {
    if (error instanceof Refused) return { is: "refused", text: error.message };
    throw error;
  } finally {
    once.close();
  }
  const own = new Link(connect, key, bus);
  own.begin();
  try {
    return await askWhoIAm(own, progress);
  } finally {
    own.close();
  }
}
