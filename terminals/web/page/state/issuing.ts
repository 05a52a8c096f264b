/**
 * A paper that is being made: about what, by which form, what was typed into it. What was typed is kept as long as the page
 * is open, by thing and form: leaving the form, a refusal, a bus that does not answer take nothing away.
 */
import { CommandSchema } from "../gen/dispatch_pb";
import { type DraftField, DraftField_Source as Source, type PaperDraft } from "../gen/rules_pb";
import { type Behalf, makeCommand } from "../link/act";
import { Refused, Unanswered } from "../link/link";
import { readInstant } from "./periods";
import { askDraft, type Form, type Issue, isOffered, numberTyped, TooLong } from "./forms";
import { Saying } from "./saying";
import type { Session } from "./session";

/** What is known of papers that are there. */
export interface Known {
  /** undefined: they have not been told yet. */
  readonly forms: readonly Form[] | undefined;
  /** Whose paper it is: every service has some. */
  serviceOf(paper: string): string | undefined;
}

/** Why there is no draft, or nothing is sent. */
export type Fault = { is: "none" } | { is: "told"; text: string; sentence: string[] } | { is: "long" } | { is: "time" };

/** What a paper has that was issued on paper already and is entered later. */
export interface Past {
  number: string; // "": the next one
  at: string; // as datetime-local has it; "": now
}

const NOT_PAST: Past = { number: "", at: "" };

export interface Chosen {
  ofKind: string;
  ofNumber: string;
  kind: string; // the form's
  supersedes: string; // "": none
}

export const NOTHING: Chosen = { ofKind: "", ofNumber: "", kind: "", supersedes: "" };

export class Issuing {
  chosen: Chosen = NOTHING;
  /** As the service tells it; undefined: nothing is chosen, or it could not be told. */
  draft: PaperDraft | undefined;
  fault: Fault = { is: "none" };
  /** The fields of which the service has said that they are missing. */
  missing = new Set<string>();
  past = NOT_PAST;
  readonly saying = new Saying();
  onBehalfOf = "";
  reason = "";
  onChange: () => void = () => undefined;
  /** What the records say where nothing is typed. */
  private base: DraftField[] = [];
  private readonly typed = new Map<string, Map<string, string>>();
  private turn = 0;

  constructor(
    private readonly session: Session,
    private readonly known: Known,
  ) {
    this.saying.onChange = () => this.onChange();
  }

  /** Those that the asker may issue by. */
  get offered(): Form[] {
    return (this.known.forms ?? []).filter(isOffered);
  }

  get form(): Form | undefined {
    const { ofKind, ofNumber, kind } = this.chosen;
    const service = ofKind === "paper" ? this.known.serviceOf(ofNumber) : undefined;
    return this.offered.find((one) => one.form.kind === kind && one.form.about.includes(ofKind) && (service === undefined || one.service === service));
  }

  // -------------------------------------------------------------- what is typed

  private get said(): Map<string, string> {
    const { ofKind, ofNumber, kind } = this.chosen;
    const key = `${ofKind} ${ofNumber} ${kind}`;
    const said = this.typed.get(key) ?? new Map<string, string>();
    this.typed.set(key, said);
    return said;
  }

  /** What stands in a field: what was typed, else what the service says. */
  valueOf(field: DraftField): string {
    return this.said.get(field.id) ?? this.without(field).value;
  }

  /** The field as it is where nothing is typed. */
  without(field: DraftField): DraftField {
    return field.source === Source.TYPED ? (this.base.find(({ id }) => id === field.id) ?? field) : field;
  }

  isTyped(field: DraftField): boolean {
    const typed = this.said.get(field.id);
    return typed !== undefined && typed.trim() !== "" && typed !== this.without(field).value;
  }

  type(field: DraftField, value: string): void {
    this.said.set(field.id, value);
    if (value.trim() !== "") this.missing.delete(field.id);
    // Of a refusal nothing is left to be read, once all that it named is said.
    if (this.isIncomplete && this.open().length === 0) this.saying.forget();
    this.onChange();
  }

  private get isIncomplete(): boolean {
    const { decided } = this.saying;
    return decided?.is === "rejected" && decided.code === "PAPER_INCOMPLETE";
  }

  /** What was typed into a field goes; what the service says stands there again. */
  restore(field: DraftField): void {
    this.said.delete(field.id);
    this.onChange();
  }

  /** What must be said and is not. */
  open(): DraftField[] {
    return (this.draft?.fields ?? []).filter((field) => field.must && this.valueOf(field).trim() === "");
  }

  /** As it would be sent now. */
  issue(): Issue {
    const fields = (this.draft?.fields ?? []).filter((field) => this.isTyped(field)).map((field) => ({ id: field.id, value: this.valueOf(field).trim() }));
    return { ...this.chosen, number: numberTyped("paper", this.past.number), fields };
  }

  // When it was issued, 0: now; undefined: what was typed is no time.
  private get atMs(): number | undefined {
    return this.past.at === "" ? 0 : readInstant(this.past.at);
  }

  // -------------------------------------------------------------- asking

  /** Chooses the thing, the form, or what is replaced; what was typed for another stays kept for that one. */
  async choose(change: Partial<Chosen>): Promise<void> {
    const chosen = { ...this.chosen, ...change };
    chosen.ofNumber = numberTyped(chosen.ofKind, chosen.ofNumber);
    const [only, other] = this.offered.filter(({ form }) => form.about.includes(chosen.ofKind));
    if (chosen.kind === "" && only !== undefined && other === undefined) chosen.kind = only.form.kind;
    const isOther = chosen.ofKind !== this.chosen.ofKind || chosen.ofNumber !== this.chosen.ofNumber || chosen.kind !== this.chosen.kind;
    this.chosen = isOther ? { ...chosen, supersedes: change.supersedes ?? "" } : chosen;
    if (isOther) this.past = NOT_PAST; // of another paper
    if (isOther) await this.lookAgain();
    else this.onChange();
  }

  /** What the records say now, and the page as it would be. */
  async lookAgain(): Promise<void> {
    const turn = ++this.turn;
    this.draft = undefined;
    this.fault = { is: "none" };
    this.missing = new Set();
    this.saying.forget();
    this.onChange();
    await this.readRecords(turn);
  }

  // What the records say, of then.
  private async readRecords(turn: number): Promise<void> {
    const plain = await this.ask({ ...this.chosen });
    if (turn !== this.turn || plain === undefined) return;
    this.base = plain.fields;
    this.draft = plain;
    if (this.said.size > 0) await this.drawDraft();
    this.onChange();
  }

  setPast(past: Past): void {
    this.past = past;
    if (this.fault.is === "time") this.fault = { is: "none" };
    this.onChange();
  }

  /** What was so when it was issued, once that has been typed. */
  async lookAtThen(): Promise<void> {
    if (this.draft !== undefined && this.atMs !== undefined) await this.readRecords(++this.turn);
  }

  /** The page with what is typed. */
  async drawDraft(): Promise<void> {
    const turn = ++this.turn;
    const drawn = await this.ask(this.issue());
    if (turn === this.turn && drawn !== undefined) this.draft = drawn;
    this.onChange();
  }

  private async ask(issue: Issue): Promise<PaperDraft | undefined> {
    const { form } = this;
    if (form === undefined || this.chosen.ofNumber === "") return undefined;
    const turn = this.turn;
    try {
      const told = await askDraft(this.session.link, form.service, issue, this.atMs ?? 0);
      if (turn !== this.turn) return undefined;
      this.fault = told.html.length > 0 ? { is: "none" } : { is: "told", text: told.why, sentence: told.sentence };
      return told.html.length > 0 ? told : undefined;
    } catch (error) {
      if (turn !== this.turn) return undefined;
      if (error instanceof TooLong) this.fault = { is: "long" };
      else if (error instanceof Refused) this.fault = { is: "told", text: error.refusal.text, sentence: error.refusal.sentence };
      else if (!(error instanceof Unanswered)) throw error;
      return undefined;
    } finally {
      this.onChange();
    }
  }

  // -------------------------------------------------------------- issuing

  setBehalf(onBehalfOf: string, reason: string): void {
    [this.onBehalfOf, this.reason] = [onBehalfOf, reason];
    this.onChange();
  }

  private get behalf(): Behalf | undefined {
    return this.onBehalfOf === "" ? undefined : { onBehalfOf: this.onBehalfOf, reason: this.reason };
  }

  /** Issues it; gives its number where it was accepted. */
  async send(): Promise<string | undefined> {
    const { form, saying, atMs } = this;
    if (form === undefined || saying.busy) return undefined;
    if (atMs === undefined) {
      this.fault = { is: "time" };
      this.onChange();
      return undefined;
    }
    const nowMs = this.session.nowMs() ?? Date.now();
    const make = (): Uint8Array => makeCommand(nowMs, CommandSchema, { body: { case: "issuePaper", value: this.issue() } }, this.behalf, atMs);
    const decided = await saying.say(this.session.link, form.service, make);
    if (this.isIncomplete) {
      this.missing = new Set(this.open().map(({ id }) => id));
      void this.drawDraft(); // with what is typed, and what is not in brackets
    }
    if (decided.is === "accepted") this.forget();
    this.onChange();
    return decided.is === "accepted" ? decided.number : undefined;
  }

  // It is on paper now: the next one is another.
  private forget(): void {
    const { ofKind, ofNumber, kind } = this.chosen;
    this.typed.delete(`${ofKind} ${ofNumber} ${kind}`);
    [this.chosen, this.past] = [NOTHING, NOT_PAST];
    this.draft = undefined;
    [this.onBehalfOf, this.reason] = ["", ""];
    this.saying.forget();
  }
}
