/**
 * The terms (期限) that run, of all services that have any. The members that are theirs have the same numbers in every
 * service (docs/protocol.md, section 3): dispatch's messages ask any of them, and an event's terms are read without
 * knowing the event.
 */
import { create, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { Event as Envelope } from "../gen/envelope_pb";
import { type Clock, ClockSchema, ClockStatus, NotCounted, type Voided, VoidedSchema } from "../gen/rules_pb";
import { Table } from "./table";

export type Terms = Table<Clock>;

// In every service's Event.
const CLOCKS = 50;
const VOIDED = 48;

export function termKey(clock: Clock): string {
  return `${clock.kind} ${clock.number} ${clock.rule} ${clock.start}`;
}

/** The number of the order whose a term is, or whose team's; undefined: it is of neither. */
export function orderOf({ kind, number }: Clock): string | undefined {
  return kind === "order" || kind === "assignment" ? number.split("/")[0] : undefined;
}

export function runs(clock: Clock): boolean {
  return clock.stopMs === 0n && !clock.voided;
}

/** The terms that an event starts, changes or ends, and the thing that it voids. */
function readTerms(body: Uint8Array): { clocks: Clock[]; voided: Voided | undefined } {
  const reader = new BinaryReader(body);
  const clocks: Clock[] = [];
  let voided: Voided | undefined;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === CLOCKS) clocks.push(fromBinary(ClockSchema, reader.bytes()));
    else if (field === VOIDED) voided = fromBinary(VoidedSchema, reader.bytes());
    else reader.skip(wireType, field);
  }
  return { clocks, voided };
}

// The terms of what is void are void with it, and no event says so of each. With an order go its teams' parts.
function endTermsOf(terms: Terms, { kind, number }: Voided, seq: bigint): void {
  for (const clock of terms.values()) {
    const isOwn = clock.kind === kind && clock.number === number;
    const isPart = kind === "order" && clock.kind === "assignment" && clock.number.startsWith(`${number}/`);
    if (isOwn || isPart) terms.change(termKey(clock), seq, () => undefined);
  }
}

/** Applies one event of a service's stream; gives the terms that it changes. */
export function foldTerms(terms: Terms, e: Envelope): Clock[] {
  const { clocks, voided } = readTerms(e.body);
  if (voided !== undefined) endTermsOf(terms, voided, e.seq);
  for (const clock of clocks) {
    if (runs(clock)) terms.put(termKey(clock), e.seq, clock);
    else terms.change(termKey(clock), e.seq, () => undefined);
  }
  return clocks;
}

export function isCounted(clock: Clock): boolean {
  return clock.notCounted === NotCounted.COUNTED && clock.dueMs !== 0n;
}

/** It is over, and somebody is late. */
export function isOverdue(clock: Clock, nowMs: number): boolean {
  return Number(clock.dueMs) <= nowMs && !clock.waiting;
}

/** What is told with an answer only: what the rule is called. Events do not have it. */
export interface Title {
  zh: string;
  en: string;
}

/** By rule and variant, of what was asked for: an event's term is called as the others of its rule. */
export class Titles {
  private readonly known = new Map<string, Title>();

  learn(clock: Clock): void {
    if (clock.titleZh !== "") this.known.set(`${clock.rule} ${clock.variant}`, { zh: clock.titleZh, en: clock.titleEn });
  }

  /** How many are known: it grows when one is learnt. */
  get size(): number {
    return this.known.size;
  }

  of(clock: Clock): Title | undefined {
    return this.known.get(`${clock.rule} ${clock.variant}`);
  }
}

/** Without what is computed for an answer: as the record has it. */
export function asRecorded(clock: Clock): Clock {
  return create(ClockSchema, {
    ...clock,
    status: ClockStatus.CLOCK_STATUS_UNSPECIFIED,
    lastDay: 0,
    actByDay: 0,
    arguableLastDay: 0,
    source: "",
    titleZh: "",
    titleEn: "",
    under: "",
    inDays: false,
  });
}
