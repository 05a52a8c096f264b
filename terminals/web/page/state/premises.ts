/**
 * The file of premises in short (企业档案): how far they are, which seals are in force, which notices are open. Asked for once
 * the card is there, and kept beside it for when there is no signal. Nothing of it tells of people.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnswerSchema as CasefileAnswer, type Notice, NoticeSchema, Notice_State, QuerySchema as CasefileQuery } from "../gen/casefile_pb";
import { AnswerSchema as LedgerAnswer, type Entry, EntrySchema, QuerySchema as LedgerQuery } from "../gen/ledger_pb";
import { Action, AnswerSchema as SeizureAnswer, type Item, ItemSchema, QuerySchema as SeizureQuery, State } from "../gen/seizure_pb";
import { ask } from "../link/ask";
import { PREMISES, recall, remember } from "../link/database";
import type { Link } from "../link/link";

export interface Premises {
  number: string;
  atMs: number; // as of when, by the bus's clock
  entry: Entry | undefined; // undefined: the ledger does not know the number
  seals: Item[]; // in force
  notices: Notice[]; // open
}

interface Kept {
  number: string;
  atMs: number;
  entry: Uint8Array | undefined;
  seals: Uint8Array[];
  notices: Uint8Array[];
}

const ENDED = [State.OUT_OF_USE, State.RELEASED, State.DISPOSED, State.HANDED_TO_POLICE, State.PROPOSED, State.APPROVED, State.DROPPED];
const PAGE = 200;
const KEPT_MOST = 20;

export async function askPremises(link: Link, number: string, nowMs: () => number): Promise<Premises> {
  const [ledger, seizure, casefile] = await Promise.all([
    ask(link, "ledger", LedgerQuery, { body: { case: "show", value: { number } } }, LedgerAnswer),
    ask(link, "seizure", SeizureQuery, { body: { case: "list", value: { target: number, action: Action.SEALED, limit: PAGE } } }, SeizureAnswer),
    ask(link, "casefile", CasefileQuery, { body: { case: "notices", value: { premises: number, limit: PAGE } } }, CasefileAnswer),
  ]);
  const entry = ledger.answer.body.case === "file" ? ledger.answer.body.value.entry : undefined;
  const items = seizure.answer.body.case === "items" ? seizure.answer.body.value.items : [];
  const notices = casefile.answer.body.case === "notices" ? casefile.answer.body.value.notices : [];
  return {
    number,
    atMs: nowMs(),
    entry,
    seals: items.filter(({ state }) => !ENDED.includes(state)),
    notices: notices.filter(({ state }) => state !== Notice_State.CLOSED && state !== Notice_State.NOT_RECORDED),
  };
}

/** Those that were kept, by number; none that an older page has written in another way. */
export async function loadPremises(): Promise<Map<string, Premises>> {
  const all = new Map<string, Premises>();
  try {
    for (const { entry, seals, notices, ...rest } of (await recall<Kept[]>(PREMISES)) ?? []) {
      const told = { seals: seals.map((bytes) => fromBinary(ItemSchema, bytes)), notices: notices.map((bytes) => fromBinary(NoticeSchema, bytes)) };
      all.set(rest.number, { ...rest, ...told, entry: entry && fromBinary(EntrySchema, entry) });
    }
  } catch {
    all.clear();
  }
  return all;
}

/** Keeps the latest of them. */
export async function keepPremises(all: Iterable<Premises>): Promise<void> {
  const latest = [...all].sort((a, b) => b.atMs - a.atMs).slice(0, KEPT_MOST);
  await remember<Kept[]>(
    PREMISES,
    latest.map(({ entry, seals, notices, ...rest }) => {
      const bytes = { seals: seals.map((item) => toBinary(ItemSchema, item)), notices: notices.map((notice) => toBinary(NoticeSchema, notice)) };
      return { ...rest, ...bytes, entry: entry && toBinary(EntrySchema, entry) };
    }),
  );
}
