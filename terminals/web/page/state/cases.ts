/**
 * Police cases (案件), and one of them with its suspects. Who they are is told by casefile to few, and it records who was
 * told: so a case is asked for when a person opens it, and again only when something happened to it.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { AnswerSchema, type Case, type CaseFile, type Event, EventSchema, QuerySchema } from "../gen/casefile_pb";
import type { Event as Envelope } from "../gen/envelope_pb";
import { ask } from "../link/ask";
import type { Desk } from "./desk";

const STREAM = "casefile";
const PAGE = 500;

/** Is it about the case, or one of its suspects? That somebody was told of it changes nothing. */
export function isAbout(body: Event["body"], { caseRow, suspects }: CaseFile): boolean {
  if (body.case === undefined) return true; // this page is older than the service
  if (body.case === "readingRecorded") return false;
  const ours = new Set([caseRow?.number, ...suspects.map((one) => one.number)]);
  const { number, caseNumber } = body.value as { number?: unknown; caseNumber?: unknown };
  return [number, caseNumber].some((one) => typeof one === "string" && (ours.has(one) || ours.has(one.split("/").at(-1))));
}

export class Cases {
  list: Case[] | undefined;
  file: CaseFile | undefined;
  opened = ""; // its number
  onChange: () => void = () => undefined;
  private heardAt: bigint | undefined; // how far the stream had been followed when the list was last asked for
  private isAsking = false;

  constructor(private readonly desk: Desk) {
    desk.onEvent = (stream, e) => this.hear(stream, e);
  }

  /** Asks for the list if the stream has moved. To be called when the desk has changed. */
  catchUp(): void {
    const at = this.desk.positions.get(STREAM);
    if (at === undefined || at === this.heardAt || this.isAsking) return;
    this.heardAt = at;
    this.isAsking = true;
    const done = (): void => {
      this.isAsking = false;
      this.onChange();
    };
    this.askList().then(done, done);
  }

  open(number: string): void {
    this.opened = number;
    this.file = undefined;
    this.onChange();
    if (number !== "") void this.askFile(number).catch(() => undefined);
  }

  private hear(stream: string, e: Envelope): void {
    if (stream !== STREAM || this.file === undefined) return;
    if (isAbout(fromBinary(EventSchema, e.body).body, this.file)) void this.askFile(this.opened).catch(() => undefined);
  }

  private async askList(): Promise<void> {
    const list: Case[] = [];
    for (let after = "", more = true; more; ) {
      const query = { body: { case: "cases" as const, value: { after, limit: PAGE } } };
      const { answer } = await ask(this.desk.link, STREAM, QuerySchema, query, AnswerSchema);
      const page = answer.body.case === "cases" ? answer.body.value : undefined;
      list.push(...(page?.cases ?? []));
      after = page?.cases.at(-1)?.number ?? "";
      more = page?.more === true && after !== "";
    }
    this.list = list;
  }

  private async askFile(number: string): Promise<void> {
    const query = { body: { case: "show" as const, value: { number } } };
    const { answer } = await ask(this.desk.link, STREAM, QuerySchema, query, AnswerSchema);
    if (this.opened !== number || answer.body.case !== "file") return;
    this.file = answer.body.value;
    this.onChange();
  }
}
