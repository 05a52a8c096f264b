/**
 * The forms (forms.yaml) by which papers are issued, and what a paper would be: both are told by the services, which have
 * the rules. The members for papers have the same numbers in every service: dispatch's messages ask any of them.
 */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { AnswerSchema, QuerySchema } from "../gen/dispatch_pb";
import { Refusal_Why } from "../gen/envelope_pb";
import { type Clock, IssuePaperSchema, type PaperDraft, type PaperForm } from "../gen/rules_pb";
import { ask } from "../link/ask";
import { type Link, Refused } from "../link/link";
import { termKey } from "./terms";

/** The services that issue papers. */
export const SERVICES = ["seizure", "casefile", "dispatch", "ledger", "stats"];

const DRAFT_BYTES = 4000; // as lq has it: what a draft may be asked for with

/** A form, and whose things it is about. */
export interface Form {
  service: string;
  form: PaperForm;
}

export type Issue = MessageInitShape<typeof IssuePaperSchema>;

/** What was asked for is longer than a draft may be. */
export class TooLong extends Error {}

/** As it would be when it is issued at `atMs` (0: now). Throws Refused, TooLong. */
export async function askDraft(link: Link, service: string, issue: Issue, atMs = 0): Promise<PaperDraft> {
  const paper = toBinary(IssuePaperSchema, create(IssuePaperSchema, issue));
  if (paper.length > DRAFT_BYTES) throw new TooLong(`${paper.length} > ${DRAFT_BYTES}`);
  const { answer } = await ask(link, service, QuerySchema, { body: { case: "draftPaper", value: { paper, atMs: BigInt(atMs) } } }, AnswerSchema);
  if (answer.body.case !== "draftPaper") throw new Error(`${service} does not answer a draft`);
  return answer.body.value;
}

// One that is not there, or does not tell this key, has none for it.
async function askFormsOf(link: Link, service: string): Promise<Form[]> {
  try {
    return (await askDraft(link, service, {})).forms.map((form) => ({ service, form }));
  } catch (error) {
    if (error instanceof Refused && [Refusal_Why.NO_SUCH_SERVICE, Refusal_Why.NOT_PERMITTED].includes(error.refusal.why)) return [];
    throw error;
  }
}

/** All forms of all services. Throws Refused where one does not answer. */
export async function askForms(link: Link): Promise<Form[]> {
  return (await Promise.all(SERVICES.map((service) => askFormsOf(link, service)))).flat();
}

/** May the asker issue and serve by this form, in his own name or in another's? The service decides: others are not offered it. */
export function isOffered({ form }: Form): boolean {
  return form.inOwnName || form.forAnother;
}

/** The kinds of things about which there are papers, each once, in the order of the forms. */
export function kindsOf(forms: readonly Form[]): string[] {
  return [...new Set(forms.flatMap(({ form }) => form.about))];
}

// As the services number what they number themselves, and how many digits there are.
const SHORT: Record<string, { prefix: string; digits: number }> = { item: { prefix: "I", digits: 4 }, premises: { prefix: "E", digits: 4 } };
const BRACKETS = /[[(【（［]([^\])】）］]*)[\])】）］]/g;

/** A number as it was typed, in the form that the service has: "ｉ126" is I0126, 献环查[2015]1号 is 献环查〔2015〕1号. */
export function numberTyped(kind: string, typed: string): string {
  const text = typed.trim();
  if (kind === "paper" || kind === "bulletin") return text.replace(BRACKETS, "〔$1〕").replace(/\s/g, "");
  const plain = text.normalize("NFKC").toUpperCase();
  const short = SHORT[kind];
  if (short === undefined) return plain;
  const digits = plain.startsWith(short.prefix) ? plain.slice(short.prefix.length) : plain;
  return /^\d+$/.test(digits) ? short.prefix + digits.padStart(short.digits, "0") : plain;
}

// -------------------------------------------------------------- the terms of a thing

/** All terms of a thing, those too that have ended; undefined: its service has none, or none for this key. */
export async function askTermsOf(link: Link, service: string, kind: string, number: string): Promise<Clock[] | undefined> {
  try {
    const query = { body: { case: "clocks" as const, value: { kind, number, all: true } } };
    const { answer } = await ask(link, service, QuerySchema, query, AnswerSchema);
    return answer.body.case === "clocks" ? answer.body.value.clocks : [];
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** What has begun and what has ended between two times that a thing's terms were asked for. */
export function changedTerms(before: readonly Clock[], after: readonly Clock[]): { begun: Clock[]; ended: Clock[] } {
  const known = new Map(before.map((clock) => [termKey(clock), clock]));
  const isOver = (clock: Clock): boolean => clock.stopMs !== 0n || clock.voided;
  return {
    begun: after.filter((clock) => !known.has(termKey(clock)) && !isOver(clock)),
    ended: after.filter((clock) => isOver(clock) && known.get(termKey(clock))?.stopMs === 0n),
  };
}
