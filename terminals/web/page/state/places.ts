/** The premises of the ledger as the desk needs them: to be found, and to stand on the map. Asked for anew when its stream moves. */
import { AnswerSchema, type Entry, QuerySchema } from "../gen/ledger_pb";
import { ask } from "../link/ask";
import type { Desk } from "./desk";
import { Index } from "./search";

const STREAM = "ledger";
const PAGE = 200;
const AGAIN_MS = 10_000; // a ledger that is being imported moves all the time

export class Places {
  index = new Index<Entry>([], () => "", () => "");
  entries: Entry[] = [];
  isKnown = false;
  private byNumber = new Map<string, Entry>();
  private heardAt: bigint | undefined;
  private askedAtMs = -Infinity;
  private isAsking = false;

  constructor(private readonly desk: Desk) {}

  get(number: string): Entry | undefined {
    return this.byNumber.get(number);
  }

  name(number: string): string {
    return this.get(number)?.premises?.name ?? "";
  }

  /** Asks for them if the ledger has moved. To be called when the desk has changed. */
  catchUp(nowMs = performance.now()): void {
    const at = this.desk.positions.get(STREAM) ?? 0n;
    const isNews = !this.isKnown || at !== this.heardAt;
    if (this.isAsking || !isNews || nowMs - this.askedAtMs < AGAIN_MS || this.desk.link.state.is !== "open") return;
    this.isAsking = true;
    this.askedAtMs = nowMs;
    const done = (): void => {
      this.isAsking = false;
      this.desk.onChange();
    };
    this.askAll(at).then(done, done);
  }

  private async askAll(at: bigint): Promise<void> {
    const entries: Entry[] = [];
    for (let after = "", more = true; more; ) {
      const query = { body: { case: "list" as const, value: { after, limit: PAGE } } };
      const { answer } = await ask(this.desk.link, STREAM, QuerySchema, query, AnswerSchema);
      const page = answer.body.case === "premises" ? answer.body.value : undefined;
      entries.push(...(page?.entries ?? []).filter((one) => one.premises !== undefined));
      after = entries.at(-1)?.premises?.number ?? "";
      more = page?.more === true && after !== "";
    }
    this.heardAt = at;
    this.isKnown = true;
    this.entries = entries;
    this.byNumber = new Map(entries.map((one) => [one.premises?.number ?? "", one]));
    this.index = new Index(entries, (one) => one.premises?.number ?? "", (one) => one.premises?.name ?? "");
  }
}
