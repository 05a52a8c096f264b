/**
 * All that any service has recorded of premises (一企一档), or of one thing: as `lq file` and `lq log` read it. The services know
 * which of their records made and changed what is there; only those are fetched, as whoever asks may see them. Who was told
 * of people is recorded by the services: so a file is read when a person opens it, and again when he asks for it.
 */
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { EventSchema as CasefileEvent } from "../gen/casefile_pb";
import { AnswerSchema, EventSchema as DispatchEvent, QuerySchema } from "../gen/dispatch_pb";
import { type Event as Envelope, Refusal_Why } from "../gen/envelope_pb";
import { EventSchema as FundEvent } from "../gen/fund_pb";
import { AnswerSchema as LedgerAnswer, EventSchema as LedgerEvent, type PremisesFile, QuerySchema as LedgerQuery } from "../gen/ledger_pb";
import { EventSchema as MonitorEvent } from "../gen/monitor_pb";
import { EventSchema as OversightEvent } from "../gen/oversight_pb";
import { EventSchema as SeizureEvent } from "../gen/seizure_pb";
import { EventSchema as TipsEvent } from "../gen/tips_pb";
import { ask, fetchRecords } from "../link/ask";
import { type Link, Refused } from "../link/link";

/** Whose records a file has; the others have nothing that is at premises. */
export const EVENTS: Record<string, DescMessage> = {
  ledger: LedgerEvent,
  dispatch: DispatchEvent,
  seizure: SeizureEvent,
  casefile: CasefileEvent,
  tips: TipsEvent,
  oversight: OversightEvent,
  monitor: MonitorEvent,
  fund: FundEvent,
};

/** One thing of a service, or whatever is at premises. */
export type Of = { kind: "premises"; number: string } | { kind: "order"; number: string };

export interface Entry {
  service: string;
  envelope: Envelope;
  event: string; // the member of the service's Event: "orderIssued"
  body: unknown; // its message
  schema: DescMessage; // of the service's Event
}

export interface File {
  entries: Entry[]; // by time
  premises: PremisesFile | undefined;
  /** Services that told nothing, and why: not permitted, down. */
  silent: Map<string, { isForOthers: boolean; text: string; sentence: string[] }>;
}

async function askTrail(link: Link, service: string, of: { premises: string } | { kind: string; number: string }): Promise<bigint[]> {
  const records: bigint[] = [];
  for (let after = 0n, more = true; more; after = records.at(-1) ?? after) {
    // A trail is asked and told under the same numbers in every service.
    const { answer } = await ask(link, service, QuerySchema, { body: { case: "trail", value: { ...of, after } } }, AnswerSchema);
    const page = answer.body.case === "trail" ? answer.body.value : undefined;
    records.push(...(page?.records ?? []));
    more = page?.more === true && page.records.length > 0;
  }
  return records;
}

/** What a service keeps of another's stream ("…Noted") is told where it was first recorded. */
function entryOf(service: string, schema: DescMessage, envelope: Envelope): Entry | undefined {
  const { body } = fromBinary(schema, envelope.body) as { body?: { case: string | undefined; value?: unknown } };
  if (body?.case === undefined || body.case.endsWith("Noted")) return undefined;
  return { service, envelope, event: body.case, body: body.value, schema };
}

async function readService(link: Link, service: string, of: { premises: string } | { kind: string; number: string }): Promise<Entry[]> {
  const schema = EVENTS[service];
  if (schema === undefined) throw new Error(`no events of ${service} are known`);
  const records = await askTrail(link, service, of);
  if (records.length === 0) return [];
  return (await fetchRecords(link, service, records)).map((envelope) => entryOf(service, schema, envelope)).filter((one) => one !== undefined);
}

async function askPremises(link: Link, number: string): Promise<PremisesFile | undefined> {
  const { answer } = await ask(link, "ledger", LedgerQuery, { body: { case: "show", value: { number } } }, LedgerAnswer);
  return answer.body.case === "file" && answer.body.value.entry !== undefined ? answer.body.value : undefined;
}

function byTime({ envelope: a }: Entry, { envelope: b }: Entry): number {
  return Number(a.occurredAtMs - b.occurredAtMs) || Number(a.recordedAtMs - b.recordedAtMs) || Number(a.seq - b.seq);
}

export async function readFile(link: Link, of: Of): Promise<File> {
  const file: File = { entries: [], premises: undefined, silent: new Map() };
  const told = async (service: string, read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { why, text, sentence } = error.refusal;
      file.silent.set(service, { isForOthers: why === Refusal_Why.NOT_PERMITTED, text, sentence });
    }
  };
  const services = of.kind === "premises" ? Object.keys(EVENTS) : ["dispatch"];
  const asked = of.kind === "premises" ? { premises: of.number } : of;
  if (of.kind === "premises") await told("ledger", async () => void (file.premises = await askPremises(link, of.number)));
  await Promise.all(services.map((service) => told(service, async () => void file.entries.push(...(await readService(link, service, asked))))));
  file.entries.sort(byTime);
  return file;
}
