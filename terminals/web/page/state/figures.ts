/** The figures (统计) of a period and of the one before it, asked for again whenever something was booked. */
import type { Position } from "../gen/envelope_pb";
import { AnswerSchema, By, type Entry, type Figure, type FiguresAnswer, QuerySchema } from "../gen/stats_pb";
import { ask, askStatus } from "../link/ask";
import type { Link } from "../link/link";
import { follow } from "./follow";
import { earlier } from "./lists";
import type { Range } from "./periods";

export interface FiguresAsked {
  range: Range;
  earlier: Range | undefined;
  by: By;
  /** By what the table is parted: `by`, or nothing where the parts are only drawn. */
  parted: By;
}

export interface FiguresTold {
  asked: FiguresAsked;
  now: FiguresAnswer;
  before: FiguresAnswer | undefined; // of asked.earlier
  asOf: Position; // of stats
  counted: Position[]; // how far stats had followed the others
}

const STREAM = "stats";
const TRIES = 5;

async function askRange(link: Link, { from, to }: Range, by: By): Promise<{ figures: FiguresAnswer; asOf: Position }> {
  const query = { body: { case: "figures" as const, value: { fromDay: from, toDay: to, by } } };
  const { answer, asOf } = await ask(link, STREAM, QuerySchema, query, AnswerSchema);
  if (answer.body.case !== "figures") throw new Error("stats does not tell figures");
  return { figures: answer.body.value, asOf: earlier(asOf, undefined) };
}

/** Both periods as of one record, unless more is booked all the while than can be asked. */
export async function askFigures(link: Link, asked: FiguresAsked): Promise<FiguresTold> {
  for (let tries = 1; ; tries++) {
    const now = await askRange(link, asked.range, asked.by);
    const before = asked.earlier === undefined ? undefined : await askRange(link, asked.earlier, asked.by);
    if (before !== undefined && before.asOf.seq !== now.asOf.seq && tries < TRIES) continue;
    const { follows } = await askStatus(link, STREAM);
    return { asked, now: now.figures, before: before?.figures, asOf: now.asOf, counted: follows };
  }
}

/** A cell of the figures: what its records are asked by. */
export interface Cell {
  figure: Figure;
  kind: string; // "": of all
  range: Range;
  township: string;
  team: string;
  dutyShift: string;
  department: string;
}

/** All records behind a cell. */
export async function askRecords(link: Link, cell: Cell): Promise<Entry[]> {
  const { range, ...rest } = cell;
  const entries: Entry[] = [];
  for (let after = new Uint8Array(0) as Uint8Array, more = true; more; ) {
    const value = { ...rest, fromDay: range.from, toDay: range.to, after, limit: 500 };
    const { answer } = await ask(link, STREAM, QuerySchema, { body: { case: "records" as const, value } }, AnswerSchema);
    if (answer.body.case !== "records") throw new Error("stats does not tell records");
    entries.push(...answer.body.value.entries);
    after = answer.body.value.next;
    more = after.length > 0;
  }
  return entries;
}

export class Figures {
  told: FiguresTold | undefined;
  fault = ""; // why they are not those of now
  onChange: () => void = () => undefined;
  private asked: FiguresAsked | undefined;
  private turn = 0; // of asking
  private toldTurn = 0;
  private stopFollowing: (() => void) | undefined;

  constructor(private readonly link: Link) {}

  /** Those of another period; the same again is nothing. */
  choose(asked: FiguresAsked): void {
    if (JSON.stringify(asked) === JSON.stringify(this.asked)) return;
    this.asked = asked;
    if (this.stopFollowing === undefined) this.stopFollowing = this.follow();
    else void this.ask().catch((error: unknown) => this.fail(String(error)));
  }

  stop(): void {
    this.stopFollowing?.();
  }

  private fail(text: string): void {
    this.fault = text;
    this.onChange();
  }

  private async ask(): Promise<Position> {
    const { asked } = this;
    if (asked === undefined) throw new Error("nothing is chosen");
    const turn = ++this.turn;
    const told = await askFigures(this.link, asked);
    // Another period may have been chosen meanwhile, and what was asked later may have been told before.
    if (asked === this.asked && turn > this.toldTurn) {
      this.toldTurn = turn;
      this.told = told;
      this.onChange();
    }
    return told.asOf;
  }

  private follow(): () => void {
    return follow(this.link, {
      stream: STREAM,
      ask: () => this.ask(),
      apply: () => false, // what an event changes in a sum is stats' own business: it is asked
      moved: () => undefined,
      failed: (text) => this.fail(text ?? ""),
    });
  }
}
