/** A paper is issued (制作文书): about which record, of which kind, what it says; beside it the page as it would be. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { outcomeText } from "../shell/acts";
import { useChanges } from "../shell/live";
import { nameOnly } from "../shell/names";
import { told, toldWord } from "../shell/told";
import { recordWord } from "../shell/things";
import type { Desk } from "../state/desk";
import { kindsOf } from "../state/forms";
import type { Chosen, Issuing } from "../state/issuing";
import type { Papers } from "../state/papers";
import { instant } from "../state/periods";
import { tr } from "../words";
import { badgeOf } from "./badge";
import { BehalfFields } from "./behalf";
import { Fields, Open } from "./fields";
import { PastFields } from "./past";
import { PaperSheet } from "./paper_sheet";
import { sheetOf } from "./sheet";

interface IssueProps {
  desk: Desk;
  papers: Papers;
  issuing: Issuing;
  about: Partial<Chosen>;
  close(): void;
  issued(service: string, number: string): void;
}

export function peopleOf(desk: Desk): [string, string][] {
  return [...desk.people.keys()].sort().map((badge) => [badge, nameOnly(desk, badge)]);
}

// -------------------------------------------------------------- about what

function Choice({ issuing }: { issuing: Issuing }) {
  const { ofKind, ofNumber, kind } = issuing.chosen;
  const [typed, type] = useState(ofNumber);
  useEffect(() => type(ofNumber), [ofNumber]);
  const forms = issuing.offered.filter(({ form }) => form.about.includes(ofKind));
  const kinds = [...new Map(forms.map(({ form }) => [form.kind, form.title]))];
  const choose = (change: Partial<Chosen>): void => void issuing.choose({ ofNumber: typed, ...change });
  return (
    <div class="choice">
      <label>
        {tr("Of what")}{" "}
        <select value={ofKind} onChange={(event) => choose({ ofKind: event.currentTarget.value, kind: "" })}>
          <option value="">{tr("choose")}</option>
          {kindsOf(issuing.offered).map((one) => (
            <option key={one} value={one}>{recordWord(one)}</option>
          ))}
        </select>
      </label>
      <label>
        {tr("Its number")}{" "}
        <input
          name="number" value={typed} autocomplete="off" maxLength={64}
          onInput={(event) => type(event.currentTarget.value)} onChange={() => choose({})} onKeyDown={(event) => event.key === "Enter" && choose({})}
        />
      </label>
      <label>
        {tr("Paper")}{" "}
        <select value={kind} lang="zh-CN" onChange={(event) => choose({ kind: event.currentTarget.value })}>
          <option value="">{tr("choose")}</option>
          {kinds.map(([one, title]) => (
            <option key={one} value={one}>{title}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** The thing has such a paper: is this another one, or does it take its place? */
function Supersedes({ issuing, papers }: { issuing: Issuing; papers: Papers }) {
  const { ofKind, ofNumber, kind, supersedes } = issuing.chosen;
  const there = papers.inForce(issuing.form?.service ?? "", kind, ofKind, ofNumber);
  if (there.length === 0) return null;
  const choices = [{ number: "", label: tr("No: it is one more beside it") }, ...there.map(({ number, issuedAtMs }) => ({ number, label: tr("%s of %s: it is no longer valid then", number, instant(Number(issuedAtMs))) }))];
  return (
    <fieldset>
      <legend>{tr("There is such a paper already. Does this one take its place?")}</legend>
      {choices.map(({ number, label }) => (
        <label key={number} class="choice">
          <input type="radio" name="supersedes" value={number} checked={supersedes === number} onChange={() => void issuing.choose({ supersedes: number })} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

function FaultText({ issuing }: { issuing: Issuing }) {
  const { fault } = issuing;
  if (fault.is === "none") return null;
  return (
    <p class="alarm" role="alert">
      {fault.is === "long" && tr("What was typed is too long for a draft; it can be issued all the same.")}
      {fault.is === "time" && tr("When was it? A date and a time of the calendar, or nothing.")}
      {fault.is === "told" && told(fault.text, fault.sentence)}
    </p>
  );
}

// -------------------------------------------------------------- the form

function Outcome({ issuing }: { issuing: Issuing }) {
  const { decided } = issuing.saying;
  if (decided === undefined || decided.is === "accepted") return null;
  return <p class="alarm" role="alert">{outcomeText(decided)}</p>;
}

function Buttons({ issuing, close }: { issuing: Issuing; close(): void }) {
  const { busy, isUnknown } = issuing.saying;
  const { number = "" } = issuing.issue();
  const issue = number === "" ? tr("Issue it, under the next number") : tr("Enter it, under the number %s", number);
  return (
    <p class="buttons">
      <button disabled={busy}>{busy ? tr("under way …") : isUnknown ? tr("Ask again") : issue}</button>
      <button type="button" class="second" disabled={busy || isUnknown} onClick={() => void issuing.drawDraft()}>{tr("Draw the draft")} <kbd>F8</kbd></button>
      <button type="button" class="plain" onClick={close}>{tr("Back")} <kbd>Esc</kbd></button>
    </p>
  );
}

function Form({ desk, papers, issuing, close, issued }: IssueProps) {
  const people = useMemo(() => peopleOf(desk), [desk.people]);
  const { form, saying } = issuing;
  const at = useRef<HTMLFormElement>(null);
  useEffect(() => at.current?.querySelector("select")?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    issuing.onBehalfOf = badgeOf(people, issuing.onBehalfOf);
    const service = form?.service;
    const number = await issuing.send();
    if (service !== undefined && number !== undefined) issued(service, number);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const isInput = (event.target as Element).matches("input, select");
    if (event.key === "Enter" && event.ctrlKey) (event.currentTarget as HTMLFormElement).requestSubmit();
    else if (event.key === "Enter" && isInput) void 0; // a paper is not issued by a key that ends a line
    else if (event.key === "F8" && !saying.isUnknown) void issuing.drawDraft();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  return (
    <form class="issue" ref={at} onSubmit={(event) => void submit(event)} onKeyDown={key}>
      <fieldset class="all" disabled={saying.busy || saying.isUnknown}>
        <legend class="unseen">{tr("What the paper is about and says")}</legend>
        <Choice issuing={issuing} />
        <FaultText issuing={issuing} />
        {issuing.draft !== undefined && (
          <>
            <Supersedes issuing={issuing} papers={papers} />
            <PastFields desk={desk} issuing={issuing} />
            {form?.form.inOwnName === false && (
              <BehalfFields
                people={people} onBehalfOf={issuing.onBehalfOf} reason={issuing.reason}
                change={(onBehalfOf, reason) => issuing.setBehalf(onBehalfOf, reason)}
              />
            )}
            <Fields issuing={issuing} />
          </>
        )}
      </fieldset>
      {issuing.draft !== undefined && (
        <div class="foot">
          <Outcome issuing={issuing} />
          <Open issuing={issuing} />
          <Buttons issuing={issuing} close={close} />
        </div>
      )}
      {issuing.draft === undefined && <p class="buttons"><button type="button" class="plain" onClick={close}>{tr("Back")} <kbd>Esc</kbd></button></p>}
    </form>
  );
}

function Draft({ issuing }: { issuing: Issuing }) {
  const { draft } = issuing;
  const sheet = useMemo(() => (draft === undefined ? undefined : sheetOf(draft.html)), [draft]);
  return (
    <section class="pane paper" aria-labelledby="draft-title">
      <h2 id="draft-title">{tr("Draft")}</h2>
      {sheet === undefined && <p class="empty">{tr("Choose a record and a paper: here it is seen as it would be.")}</p>}
      {sheet !== undefined && <p class="quiet">{tr("Without a number, and recorded nowhere. What is missing stands in brackets.")}</p>}
      {sheet !== undefined && <PaperSheet sheet={sheet} title={tr("The paper as it would be")} />}
    </section>
  );
}

export function IssuePanes(props: IssueProps) {
  const { issuing, about, close } = props;
  useChanges(issuing);
  useEffect(() => {
    if (Object.keys(about).length > 0) void issuing.choose(about);
    else if (issuing.form !== undefined) void issuing.lookAgain();
  }, [about]);
  return (
    <>
      <section class="pane papers" aria-labelledby="issue-title">
        <h2 id="issue-title">
          {tr("Issue a paper")}
          {issuing.form !== undefined && issuing.form.form.takes !== "" && <span class="count">{tr("Serving it takes this step of the record with it: %s", toldWord(issuing.form.form.takes))}</span>}
        </h2>
        <Form {...props} close={close} />
      </section>
      <Draft issuing={issuing} />
    </>
  );
}
