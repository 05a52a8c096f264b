// A paper that is being made, and what leads there: without a system. What a service would say is made up here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { AnswerSchema as DispatchAnswer, CommandSchema as DispatchCommand, QuerySchema as DispatchQuery } from "page/gen/dispatch_pb";
import { AnswerSchema, CommandSchema, OutcomeSchema, QuerySchema } from "page/gen/envelope_pb";
import { ClockSchema, type DraftField, DraftField_Source as Source, type IssuePaper, IssuePaperSchema, PaperDraftSchema, PaperFormSchema } from "page/gen/rules_pb";
import { thingsIn } from "page/file/papers";
import { type Link, Unanswered } from "page/link/link";
import { badgeOf } from "page/papers/badge";
import { changedTerms, type Form, kindsOf, numberTyped } from "page/state/forms";
import { Issuing } from "page/state/issuing";
import { readInstant } from "page/state/periods";
import type { Session } from "page/state/session";

test("numbers are understood as they are typed", () => {
  assert.equal(numberTyped("item", " ｉ１２６ "), "I0126");
  assert.equal(numberTyped("item", "126"), "I0126");
  assert.equal(numberTyped("premises", "e23"), "E0023");
  assert.equal(numberTyped("premises", "E10023"), "E10023");
  assert.equal(numberTyped("notice", "n0001"), "N0001");
  assert.equal(numberTyped("item", "县查1"), "县查1");
  assert.equal(numberTyped("paper", "献环查[2015] 1号"), "献环查〔2015〕1号");
  assert.equal(numberTyped("paper", "献环查（2015）1号"), "献环查〔2015〕1号");
});

test("a person is meant by badge or by name, where there is one of that name", () => {
  const people: [string, string][] = [["P1", "张立"], ["P2", "王磊"], ["P3", "王磊"]];
  assert.equal(badgeOf(people, "p1"), "P1");
  assert.equal(badgeOf(people, "P2 王磊"), "P2");
  assert.equal(badgeOf(people, "张立"), "P1");
  assert.equal(badgeOf(people, "王磊"), "王磊"); // which of them? the service says that nobody is called so
  assert.equal(badgeOf(people, "P9"), "P9");
});

test("an instant is the county's, and what is none is none", () => {
  assert.equal(readInstant("2015-07-16T09:30"), Date.parse("2015-07-16T01:30:00Z"));
  for (const wrong of ["2015-02-30T09:30", "2015-07-16", "2015-07-16T24:01", "", "now"]) assert.equal(readInstant(wrong), undefined, wrong);
});

test("what began and what ended is what was not so before", () => {
  const term = (rule: string, stopMs = 0n, start = 1) => create(ClockSchema, { kind: "notice", number: "N0001", rule, start, stopMs, dueMs: 9n });
  const { begun, ended } = changedTerms([term("DF1"), term("OP-X", 5n), term("SZ6")], [term("DF1", 7n), term("OP-X", 5n), term("SZ6"), term("DF2"), term("OP-X", 0n, 2), term("GONE", 8n)]);
  assert.deepEqual(begun.map(({ rule, start }) => `${rule} ${start}`), ["DF2 1", "OP-X 2"]);
  assert.deepEqual(ended.map(({ rule }) => rule), ["DF1"]);
});

test("a file leads to the things of which there are papers", () => {
  const entries = [
    { event: "noticeIssued", body: { number: "N0001" } },
    { event: "itemSealed", body: { number: "I0001", kind: "cupola" } },
    { event: "stepTaken", body: { number: "N0001", kind: "notice" } },
    { event: "stepTaken", body: { number: "K0001", kind: "call" } },
    { event: "paperIssued", body: { number: "献环查〔2015〕1号", kind: "seizure_decision" } },
    { event: "noticed", body: { number: "N0009" } },
    { event: "orderIssued", body: { number: "O0001", kind: "raid" } },
    { event: "clockRang", body: {} },
  ];
  assert.deepEqual(thingsIn(entries, ["item", "notice", "paper"]), [{ kind: "notice", number: "N0001" }, { kind: "item", number: "I0001" }]);
});

// -------------------------------------------------------------- a paper that is being made

type Fields = NonNullable<MessageInitShape<typeof PaperDraftSchema>["fields"]>;

/** A service with one form, of two fields that must be said and one that the records have. */
class Service {
  asked: IssuePaper[] = [];
  commands: string[] = [];
  issued: IssuePaper[] = [];
  behalf: string[] = [];
  draftedAt: bigint[] = [];
  issuedAt: bigint[] = [];
  outcome: MessageInitShape<typeof OutcomeSchema>["result"] | "silent" = "silent";

  private draft(issue: IssuePaper): Fields {
    const said = (id: string): string => issue.fields.find((field) => field.id === id)?.value ?? "";
    return [
      { id: "party", word: "当事人", must: true, law: "第九条", value: said("party") || "甲厂", source: said("party") ? Source.TYPED : Source.FROM_RECORDS },
      { id: "evidence", word: "证据", must: true, law: "第九条", value: said("evidence"), source: said("evidence") ? Source.TYPED : Source.NOT_SAID },
      { id: "address", word: "地址", must: false, value: said("address"), source: said("address") ? Source.TYPED : Source.NOT_SAID },
    ];
  }

  readonly link = {
    note: () => undefined,
    request: async (service: string, { case: kind, value }: { case: string; value: Uint8Array }) => {
      assert.equal(service, "casefile");
      if (kind === "command") return this.command(value);
      const { body } = fromBinary(DispatchQuery, fromBinary(QuerySchema, value).body);
      assert.equal(body.case, "draftPaper");
      const issue = fromBinary(IssuePaperSchema, body.case === "draftPaper" ? body.value.paper : new Uint8Array(0));
      this.asked.push(issue);
      if (body.case === "draftPaper") this.draftedAt.push(body.value.atMs);
      const isThere = issue.ofNumber === "N0001" || issue.ofNumber === "N0002";
      const draft = isThere ? { html: new Uint8Array(1), fields: this.draft(issue) } : { why: "there is no such notice" };
      const answer = toBinary(DispatchAnswer, create(DispatchAnswer, { body: { case: "draftPaper", value: draft } }));
      return { kind: { case: "answer", value: create(AnswerSchema, { body: answer }) } };
    },
  };

  private command(bytes: Uint8Array): unknown {
    this.commands.push(Buffer.from(bytes).toString("hex"));
    const envelope = fromBinary(CommandSchema, bytes);
    this.behalf = [envelope.onBehalfOf, envelope.reason];
    const { body } = fromBinary(DispatchCommand, envelope.body);
    if (body.case === "issuePaper") this.issued.push(body.value);
    this.issuedAt.push(envelope.occurredAtMs);
    if (this.outcome === "silent") throw new Unanswered("nobody");
    return { kind: { case: "outcome", value: toBinary(OutcomeSchema, create(OutcomeSchema, { result: this.outcome ?? { case: undefined } })) }, positionHash: new Uint8Array(0) };
  }
}

const FORMS: Form[] = ["correction_order", "of_another"].map((kind) => ({
  service: "casefile",
  form: create(PaperFormSchema, { kind, title: kind, about: ["notice"], inOwnName: kind === "correction_order" }),
}));
const INCOMPLETE = { case: "rejected" as const, value: { code: "PAPER_INCOMPLETE", text: "lacks: 证据" } };

async function begin(): Promise<{ service: Service; issuing: Issuing }> {
  const service = new Service();
  const session = { link: service.link as unknown as Link, nowMs: () => 1_000 } as Session;
  const issuing = new Issuing(session, { forms: FORMS, serviceOf: () => undefined });
  await issuing.choose({ ofKind: "notice", ofNumber: "n0001" });
  return { service, issuing };
}

function field(issuing: Issuing, id: string): DraftField {
  const found = issuing.draft?.fields.find((one) => one.id === id);
  assert(found !== undefined, `no field ${id}`);
  return found;
}

test("the only form that is offered is taken, and what the records say is not sent back", async () => {
  const { service, issuing } = await begin();
  assert.deepEqual(kindsOf(issuing.offered), ["notice"]);
  assert.equal(issuing.chosen.kind, "correction_order");
  assert.deepEqual(issuing.open().map(({ id }) => id), ["evidence"]);
  issuing.type(field(issuing, "evidence"), " 照片 ");
  issuing.type(field(issuing, "party"), "甲厂"); // as it is
  issuing.type(field(issuing, "address"), "  ");
  await issuing.drawDraft();
  assert.deepEqual(service.asked.at(-1)?.fields.map(({ id, value }) => [id, value]), [["evidence", "照片"]]);
  assert.equal(issuing.valueOf(field(issuing, "evidence")), " 照片 ");
  issuing.restore(field(issuing, "evidence"));
  assert.equal(issuing.valueOf(field(issuing, "evidence")), "", "what was typed into the last draft is said by nobody any more");
});

test("a refusal takes nothing away, and names what is missing at its field", async () => {
  const { service, issuing } = await begin();
  issuing.type(field(issuing, "address"), "甲镇");
  service.outcome = INCOMPLETE;
  assert.equal(await issuing.send(), undefined);
  assert.deepEqual([...issuing.missing], ["evidence"]);
  assert.equal(issuing.valueOf(field(issuing, "address")), "甲镇");
  issuing.type(field(issuing, "evidence"), "照片");
  assert.deepEqual([...issuing.missing], []);
  assert.equal(issuing.saying.decided, undefined, "of the refusal nothing is left to be read");
  service.outcome = { case: "accepted", value: { number: "献环改〔2015〕1号" } };
  assert.equal(await issuing.send(), "献环改〔2015〕1号");
  assert.deepEqual(service.issued.at(-1)?.fields.map(({ id }) => id), ["evidence", "address"]);
  assert.equal(issuing.chosen.ofNumber, "");
});

test("what nobody has answered is said again in the same bytes", async () => {
  const { service, issuing } = await begin();
  issuing.type(field(issuing, "evidence"), "照片");
  await issuing.send();
  assert(issuing.saying.isUnknown);
  service.outcome = { case: "accepted", value: { number: "献环改〔2015〕1号" } };
  await issuing.send();
  assert.equal(service.commands.length, 2);
  assert.equal(service.commands[0], service.commands[1]);
  assert(!issuing.saying.isUnknown);
});

test("what was typed for one thing is not said of another, and is there again with it", async () => {
  const { issuing } = await begin();
  issuing.type(field(issuing, "evidence"), "照片");
  await issuing.choose({ supersedes: "献环改〔2014〕7号" });
  assert.equal(issuing.issue().supersedes, "献环改〔2014〕7号");
  await issuing.choose({ ofNumber: "N0002" });
  assert.equal(issuing.valueOf(field(issuing, "evidence")), "");
  assert.equal(issuing.chosen.supersedes, "", "it would take the place of a paper about something else");
  await issuing.choose({ ofNumber: "N0099" });
  assert.equal(issuing.draft, undefined);
  assert.deepEqual(issuing.fault, { is: "told", text: "there is no such notice", sentence: [] });
  await issuing.choose({ ofNumber: "N0001" });
  assert.equal(issuing.valueOf(field(issuing, "evidence")), "照片");
  assert.equal(field(issuing, "evidence").source, Source.TYPED, "the draft was drawn without it");
});

test("what is entered for somebody says for whom and why", async () => {
  const { service, issuing } = await begin();
  await issuing.send();
  assert.deepEqual(service.behalf, ["", ""]);
  const other = await begin();
  other.issuing.setBehalf("P1", "电话");
  await other.issuing.send();
  assert.deepEqual(other.service.behalf, ["P1", "电话"]);
});

test("what is on paper already is drawn and entered with its number as of its day; no time of the calendar, and nothing is sent", async () => {
  const { service, issuing } = await begin();
  const at = BigInt(Date.parse("2015-07-13T01:30:00Z"));
  issuing.setPast({ number: " 献环改[2015] 7号", at: "2015-07-32T09:30" });
  assert.equal(await issuing.send(), undefined);
  assert.equal(issuing.fault.is, "time");
  assert.deepEqual(service.issued, []);
  issuing.setPast({ ...issuing.past, at: "2015-07-13T09:30" });
  assert.equal(issuing.fault.is, "none");
  await issuing.lookAtThen();
  assert.deepEqual(service.draftedAt.slice(-1), [at], "what the records said then");
  service.outcome = { case: "accepted", value: { number: "献环改〔2015〕7号" } };
  await issuing.send();
  assert.equal(service.issued.at(-1)?.number, "献环改〔2015〕7号");
  assert.deepEqual(service.issuedAt, [at]);
  await issuing.choose({ ofKind: "notice", ofNumber: "N0002" });
  assert.deepEqual(issuing.past, { number: "", at: "" }, "the next paper is another");
  await issuing.send();
  assert.deepEqual([service.issued.at(-1)?.number, service.issuedAt.at(-1)], ["", 0n]);
});

test("what is too long for a draft is told, and can be issued", async () => {
  const { service, issuing } = await begin();
  issuing.type(field(issuing, "evidence"), "长".repeat(1400));
  await issuing.drawDraft();
  assert.equal(issuing.fault.is, "long");
  assert.notEqual(issuing.draft, undefined);
  service.outcome = { case: "accepted", value: { number: "1" } };
  assert.equal(await issuing.send(), "1");
});
