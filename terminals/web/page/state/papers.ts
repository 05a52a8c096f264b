/**
 * Papers (文书) that were issued, of all services, and one of them as it was issued. The members that are theirs have the
 * same numbers in every service (docs/protocol.md, section 3): dispatch's messages ask any of them.
 */
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { AnswerSchema, QuerySchema } from "../gen/dispatch_pb";
import { type Event as Envelope, Refusal_Why } from "../gen/envelope_pb";
import type { Paper, PaperFile } from "../gen/rules_pb";
import { ask } from "../link/ask";
import { sha256 } from "../link/bytes";
import { Refused, Unanswered } from "../link/link";
import type { Desk } from "./desk";
import { askForms, type Form, isOffered, SERVICES } from "./forms";

const PAGE = 200;
const AGAIN_MS = 2_000;

// In every service's Event: a paper is issued or served, or something is made void.
const CHANGES = [44, 45, 48];

function changesPapers(body: Uint8Array): boolean {
  const reader = new BinaryReader(body);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (CHANGES.includes(field)) return true;
    reader.skip(wireType, field);
  }
  return false;
}

/** A paper, and whose it is. */
export interface Listed {
  service: string;
  paper: Paper;
}

/** A paper as it was issued. */
export interface OpenPaper extends PaperFile {
  /** Are the bytes those of which the record has the checksum? */
  isWhole: boolean;
}

export class Papers {
  /** By service; undefined: not told yet. */
  private readonly lists = new Map<string, Paper[]>();
  private readonly asking = new Map<string, boolean>(); // true: once more, something happened meanwhile
  failures = new Map<string, string>();
  /** By which papers are issued; undefined: not told yet. */
  forms: Form[] | undefined;
  file: OpenPaper | undefined;
  opened: { service: string; number: string } | undefined;
  onChange: () => void = () => undefined;

  constructor(private readonly desk: Desk) {
    desk.onEvent = (stream, e) => this.hear(stream, e);
    for (const name of SERVICES) this.askList(name);
    void this.askForms();
  }

  // What may be done with papers is offered once it is known.
  private async askForms(): Promise<void> {
    try {
      this.forms = await askForms(this.desk.link);
    } catch (error) {
      if (!(error instanceof Unanswered)) setTimeout(() => void this.askForms(), AGAIN_MS);
    }
    this.onChange();
  }

  /** May the asker issue any paper? */
  get mayIssue(): boolean {
    return this.forms?.some(isOffered) === true;
  }

  /** The form of a paper; undefined: there is none of that kind any more. */
  formOf(service: string, kind: string): Form | undefined {
    return this.forms?.find((one) => one.service === service && one.form.kind === kind);
  }

  /** Those by which the asker may issue a paper about a thing of that kind. */
  formsAbout(service: string, ofKind: string): Form[] {
    return (this.forms ?? []).filter((one) => one.service === service && one.form.about.includes(ofKind) && isOffered(one));
  }

  /** Of a form that is gone whoever may issue anything there. */
  mayServe(service: string, kind: string): boolean {
    const form = this.formOf(service, kind);
    return form !== undefined ? isOffered(form) : this.forms?.some((one) => one.service === service && isOffered(one)) === true;
  }

  serviceOf(number: string): string | undefined {
    return this.list()?.find(({ paper }) => paper.number === number)?.service;
  }

  /** The papers of that kind about a thing that no other has replaced. */
  inForce(service: string, kind: string, ofKind: string, ofNumber: string): Paper[] {
    const own = (this.lists.get(service) ?? []).filter((paper) => paper.kind === kind && paper.ofKind === ofKind && paper.ofNumber === ofNumber);
    return own.filter((paper) => paper.supersededBy === "");
  }

  /** All that are known, the latest first; undefined: no service has told yet. */
  list(): Listed[] | undefined {
    if (this.lists.size === 0) return undefined;
    const all = [...this.lists].flatMap(([service, papers]) => papers.map((paper) => ({ service, paper })));
    return all.sort((a, b) => Number(b.paper.issuedAtMs - a.paper.issuedAtMs) || (a.paper.number < b.paper.number ? 1 : -1));
  }

  /** Who still owes his list. */
  waiting(): string[] {
    return SERVICES.filter((name) => !this.lists.has(name) && !this.failures.has(name));
  }

  open(service: string, number: string): void {
    this.opened = { service, number };
    this.file = undefined;
    this.onChange();
    void this.askFile(service, number);
  }

  private hear(stream: string, e: Envelope): void {
    if (!SERVICES.includes(stream) || !changesPapers(e.body)) return;
    this.askList(stream);
    if (this.opened?.service === stream) void this.askFile(stream, this.opened.number);
  }

  private askList(name: string): void {
    if (this.asking.has(name)) {
      this.asking.set(name, true);
      return;
    }
    this.asking.set(name, false);
    const done = (): void => {
      const isOnceMore = this.asking.get(name) === true;
      this.asking.delete(name);
      if (isOnceMore) this.askList(name);
      this.onChange();
    };
    this.askPages(name).then(done, (error: unknown) => {
      if (error instanceof Refused && error.refusal.why === Refusal_Why.NO_SUCH_SERVICE) this.lists.set(name, []);
      else this.failures.set(name, error instanceof Error ? error.message : String(error));
      done();
    });
  }

  private async askPages(name: string): Promise<void> {
    const list: Paper[] = [];
    for (let after = "", more = true; more; ) {
      const query = { body: { case: "papers" as const, value: { after, limit: PAGE } } };
      const { answer } = await ask(this.desk.link, name, QuerySchema, query, AnswerSchema);
      const page = answer.body.case === "papers" ? answer.body.value : undefined;
      list.push(...(page?.papers ?? []));
      after = page?.papers.at(-1)?.number ?? "";
      more = page?.more === true && after !== "";
    }
    this.lists.set(name, list);
    this.failures.delete(name);
  }

  private async askFile(service: string, number: string): Promise<void> {
    const query = { body: { case: "paper" as const, value: { number } } };
    const told = await ask(this.desk.link, service, QuerySchema, query, AnswerSchema).catch(() => undefined);
    if (this.opened?.service !== service || this.opened.number !== number || told?.answer.body.case !== "paper") return;
    const file = told.answer.body.value;
    const isWhole = file.paper !== undefined && (await sha256(file.html)) === file.paper.hash;
    this.file = { ...file, isWhole };
    this.onChange();
  }
}
