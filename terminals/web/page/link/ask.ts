/** Questions and fetches over a link, as messages. */
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import {
  BusAnswerSchema,
  BusQuerySchema,
  FetchSchema,
  QuerySchema,
  type Event,
  type Events,
  type NextStep,
  type Position,
  type Self,
  StatusSchema,
  type Status,
} from "../gen/envelope_pb";
import type { Link } from "./link";

export interface Told<A> {
  answer: A;
  asOf: Position | undefined; // the state that was read
  next: NextStep[];
}

async function askBytes(link: Link, service: string, body: Uint8Array, patienceMs = Infinity): Promise<Told<Uint8Array>> {
  const query = toBinary(QuerySchema, create(QuerySchema, { body }));
  const { kind } = await link.request(service, { case: "query", value: query }, 0, patienceMs);
  if (kind.case !== "answer") throw new Error(`${service} does not answer a question`);
  return { answer: kind.value.body, asOf: kind.value.asOf, next: kind.value.next };
}

/** Asks a service; the messages are those of the service's .proto. Throws Refused, and Unanswered when the patience is over. */
export async function ask<Q extends DescMessage, A extends DescMessage>(
  link: Link,
  service: string,
  querySchema: Q,
  query: MessageInitShape<Q>,
  answerSchema: A,
  patienceMs = Infinity,
): Promise<Told<MessageShape<A>>> {
  const told = await askBytes(link, service, toBinary(querySchema, create(querySchema, query)), patienceMs);
  return { ...told, answer: fromBinary(answerSchema, told.answer) };
}

/** What a service says about itself; of "bus", `follows` are the services that are there. */
export async function askStatus(link: Link, service: string): Promise<Status> {
  return fromBinary(StatusSchema, (await askBytes(link, service, new Uint8Array(0))).answer);
}

export interface ToldSelf {
  self: Self;
  /** What is to be added to performance.now() for the bus's clock; half of `tookMs` is how wrong it can be. */
  offsetMs: number;
  tookMs: number;
}

export async function askSelf(link: Link): Promise<ToldSelf> {
  const sentAt = performance.now();
  const { answer } = await ask(link, "bus", BusQuerySchema, { body: { case: "self", value: {} } }, BusAnswerSchema);
  if (answer.body.case !== "self") throw new Error("the bus does not say who I am");
  const { value: self } = answer.body;
  const toldAt = performance.now();
  return { self, offsetMs: Number(self.nowMs) - (sentAt + toldAt) / 2, tookMs: toldAt - sentAt };
}

export interface Page {
  events: Events;
  hash: Uint8Array; // of record events.nextAfter
}

/** The events of a stream after a record, without the names of people (nobody has asked for them); waits up to `waitMs` for the next. */
export async function fetchEvents(link: Link, stream: string, after: bigint, hash: Uint8Array, waitMs: number): Promise<Page> {
  const value = toBinary(FetchSchema, create(FetchSchema, { after, afterHash: hash, waitMs, unread: true }));
  const reply = await link.request(stream, { case: "fetch", value }, waitMs);
  if (reply.kind.case !== "events") throw new Error(`${stream} does not answer a fetch`);
  return { events: reply.kind.value, hash: reply.positionHash };
}

/** These records of a stream, which rise, as far as they are there and for the asker. */
export async function fetchRecords(link: Link, stream: string, records: readonly bigint[]): Promise<Event[]> {
  const found: Event[] = [];
  const last = records.at(-1) ?? 0n;
  for (let after = 0n; after < last; ) {
    const value = toBinary(FetchSchema, create(FetchSchema, { after, records: records.filter((one) => one > after) }));
    const reply = await link.request(stream, { case: "fetch", value });
    if (reply.kind.case !== "events") throw new Error(`${stream} does not answer a fetch`);
    found.push(...reply.kind.value.events);
    if (reply.kind.value.nextAfter <= after) break;
    after = reply.kind.value.nextAfter;
  }
  return found;
}
