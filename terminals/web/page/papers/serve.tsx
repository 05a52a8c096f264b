/** A paper is served (送达): when, how, by whom, by what it is known; and what that started. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { CommandSchema } from "../gen/dispatch_pb";
import { type Clock, type Paper, ServedHow, ServedHowSchema } from "../gen/rules_pb";
import { makeCommand } from "../link/act";
import { outcomeText } from "../shell/acts";
import { useChanges } from "../shell/live";
import { toldWord } from "../shell/told";
import { recordWord } from "../shell/things";
import type { Desk } from "../state/desk";
import { askTermsOf, changedTerms, type Form } from "../state/forms";
import { endText, readInstant } from "../state/periods";
import { Saying } from "../state/saying";
import { language, tr, word } from "../words";
import { Badge, badgeOf } from "./badge";
import { BehalfFields } from "./behalf";
import { peopleOf } from "./issue";

interface Typed {
  at: string; // "": now
  how: ServedHow;
  first: string;
  second: string;
  receipt: string;
  witness: string;
  onBehalfOf: string;
  reason: string;
}

const NOTHING: Typed = { at: "", how: ServedHow.SERVED_HOW_UNSPECIFIED, first: "", second: "", receipt: "", witness: "", onBehalfOf: "", reason: "" };
const HOW = [ServedHow.IN_PERSON, ServedHow.LEFT, ServedHow.POSTED, ServedHow.PUBLISHED];

// What was typed stays with its paper as long as the page is open.
const kept = new Map<string, Typed>();

export interface Served {
  begun: Clock[];
  ended: Clock[];
}

interface ServeProps {
  desk: Desk;
  service: string;
  paper: Paper;
  form: Form | undefined;
  close(): void;
  served(what: Served): void;
}

// -------------------------------------------------------------- what it started

function Terms({ title, clocks }: { title: string; clocks: readonly Clock[] }) {
  if (clocks.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {clocks.map((clock) => (
          <li key={`${clock.rule} ${clock.start}`}>
            <b>{language === "zh" ? clock.titleZh : clock.titleEn}</b> <span class="quiet">{clock.rule}</span>
            {clock.dueMs !== 0n && <span class="number"> {tr("ends %s", endText(clock))}</span>} <span class="quiet">{clock.source}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Told once the paper is served. */
export function Started({ paper, form, what }: { paper: Paper; form: Form | undefined; what: Served }) {
  const step = form?.form.takes ?? "";
  return (
    <div class="started" role="status">
      <p class="good">{tr("It is recorded that %s was served.", paper.number)}</p>
      {step !== "" && <p>{tr("With it this step of %s was taken: %s", `${recordWord(paper.ofKind)} ${paper.ofNumber}`, toldWord(step))}</p>}
      <Terms title={tr("Terms that began with it")} clocks={what.begun} />
      <Terms title={tr("Terms that ended with it")} clocks={what.ended} />
      {what.begun.length + what.ended.length === 0 && <p class="quiet">{tr("No term began or ended with it.")}</p>}
    </div>
  );
}

// -------------------------------------------------------------- the form

function How({ chosen, choose }: { chosen: ServedHow; choose(how: ServedHow): void }) {
  return (
    <fieldset>
      <legend>{tr("How it was served")}</legend>
      {HOW.map((how) => (
        <label key={how} class="choice">
          <input type="radio" name="how" value={how} checked={chosen === how} onChange={() => choose(how)} /> {word(ServedHowSchema, how)}
        </label>
      ))}
    </fieldset>
  );
}

function Inputs({ desk, form, typed, type }: { desk: Desk; form: Form | undefined; typed: Typed; type(change: Partial<Typed>): void }) {
  const people = useMemo(() => peopleOf(desk), [desk.people]);
  return (
    <>
      <How chosen={typed.how} choose={(how) => type({ how })} />
      <label>
        {tr("When (empty: now)")} <input type="datetime-local" name="at" value={typed.at} onInput={(event) => type({ at: event.currentTarget.value })} />
      </label>
      <Badge title={tr("First officer")} name="first" people={people} value={typed.first} change={(first) => type({ first })} />
      <Badge title={tr("Second officer")} name="second" people={people} value={typed.second} change={(second) => type({ second })} />
      <label>
        {tr("Proof")}{" "}
        <input name="receipt" autocomplete="off" maxLength={200} value={typed.receipt} placeholder={tr("who signed, the post's receipt, or where it was published")} onInput={(event) => type({ receipt: event.currentTarget.value })} />
      </label>
      <label>
        {tr("Witness")} <input name="witness" autocomplete="off" maxLength={200} value={typed.witness} placeholder={tr("where it was left")} onInput={(event) => type({ witness: event.currentTarget.value })} />
      </label>
      {form?.form.inOwnName === false && <BehalfFields people={people} onBehalfOf={typed.onBehalfOf} reason={typed.reason} change={(onBehalfOf, reason) => type({ onBehalfOf, reason })} />}
    </>
  );
}

/** The bytes of the command; undefined: when it was is no time. */
function commandOf(desk: Desk, number: string, typed: Typed): Uint8Array | undefined {
  const people = peopleOf(desk);
  const atMs = typed.at === "" ? 0 : readInstant(typed.at);
  if (atMs === undefined) return undefined;
  const officers = [typed.first, typed.second].filter((one) => one.trim() !== "").map((one) => badgeOf(people, one));
  const value = { number, how: typed.how, officers, receipt: typed.receipt.trim(), witness: typed.witness.trim() };
  const behalf = typed.onBehalfOf.trim() === "" ? undefined : { onBehalfOf: badgeOf(people, typed.onBehalfOf), reason: typed.reason.trim() };
  return makeCommand(desk.nowMs() ?? Date.now(), CommandSchema, { body: { case: "servePaper", value } }, behalf, atMs);
}

function useTyped(key: string): [Typed, (change: Partial<Typed>) => void] {
  const [typed, setTyped] = useState(kept.get(key) ?? NOTHING);
  const type = (change: Partial<Typed>): void => {
    const next = { ...typed, ...change };
    kept.set(key, next);
    setTyped(next);
  };
  return [typed, type];
}

function useSaying(): Saying {
  const saying = useMemo(() => new Saying(), []);
  useChanges(saying);
  return saying;
}

export function ServeForm({ desk, service, paper, form, close, served }: ServeProps) {
  const key = `${service} ${paper.number}`;
  const [typed, type] = useTyped(key);
  const [fault, setFault] = useState("");
  const saying = useSaying();
  const at = useRef<HTMLFormElement>(null);
  useEffect(() => at.current?.querySelector("input")?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const command = commandOf(desk, paper.number, typed);
    setFault(command === undefined ? tr("When was it? A date and a time of the calendar, or nothing.") : "");
    if (command === undefined || saying.busy) return;
    const before = await askTermsOf(desk.link, service, paper.ofKind, paper.ofNumber);
    const decided = await saying.say(desk.link, service, () => command);
    if (decided.is !== "accepted") return;
    kept.delete(key);
    const after = await askTermsOf(desk.link, service, paper.ofKind, paper.ofNumber);
    served(changedTerms(before ?? [], after ?? []));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey) at.current?.requestSubmit();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  const { decided, busy, isUnknown } = saying;
  return (
    <form class="serve" ref={at} onSubmit={(event) => void submit(event)} onKeyDown={press} aria-label={tr("Record that %s was served", paper.number)}>
      <fieldset class="all" disabled={busy || isUnknown}>
        <legend class="unseen">{tr("How it was served")}</legend>
        <Inputs desk={desk} form={form} typed={typed} type={type} />
      </fieldset>
      {fault !== "" && <p class="alarm" role="alert">{fault}</p>}
      {decided !== undefined && decided.is !== "accepted" && <p class="alarm" role="alert">{outcomeText(decided)}</p>}
      <p class="buttons">
        <button disabled={busy}>{busy ? tr("under way …") : isUnknown ? tr("Ask again") : tr("Record the service")}</button>
        <button type="button" class="plain" onClick={close}>{tr("Back")} <kbd>Esc</kbd></button>
      </p>
    </form>
  );
}
