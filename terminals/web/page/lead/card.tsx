/** One order of the team, read in ten seconds, and one large button for the next step, in the lead's own name. */
import { useEffect, useState } from "preact/hooks";
import { type Assignment, PrioritySchema, Step, StepSchema } from "../gen/dispatch_pb";
import type { Entry } from "../link/outbox";
import { outcomeText } from "../shell/acts";
import { length, minute } from "../shell/time";
import type { Card, Task } from "../state/card";
import { isSilent } from "../state/dispatch";
import { kindWord, tr, word } from "../words";
import { performOnOrder } from "./acts";
import type { LeadForm } from "./forms";
import { ahead, isAbout, pendingEntries } from "./pending";

function doneAt({ step, acknowledgedAtMs, departedAtMs, onSceneAtMs }: Assignment): bigint {
  return step === Step.ON_SCENE ? onSceneAtMs : step === Step.DEPARTED ? departedAtMs : acknowledgedAtMs;
}

interface TaskProps {
  card: Card;
  task: Task;
  /** What comes after the card: without it no form can be opened, and there is no button for one. */
  after: typeof import("./after") | undefined;
  isStale: boolean;
  open(form: LeadForm): void;
}

function Facts({ card, task: { order, part } }: { card: Card; task: Task }) {
  const others = order.assignments.filter((one) => one.team !== part.team);
  const lead = (team: string): string => card.leads.find((person) => person.team === team)?.name ?? "";
  return (
    <>
      <header>
        <span class="priority">{word(PrioritySchema, order.priority)}</span> <b>{order.number}</b>{" "}
        <span class="where">{[order.township, kindWord(order.kind)].filter(Boolean).join(" · ")}</span>
        <span class="age number">{length(card.nowMs() - Number(order.issuedAtMs))}</span>
      </header>
      <h2>
        {order.targetName || order.target} {order.targetName !== "" && <span class="quiet">{order.target}</span>}
      </h2>
      {order.instructions !== "" && <p class="instructions">{order.instructions}</p>}
      {part.step !== Step.STEP_UNSPECIFIED && (
        <p>
          {word(StepSchema, part.step)} <span class="number">{minute(Number(doneAt(part)), card.nowMs())}</span>
        </p>
      )}
      {others.length > 0 && (
        <p class="quiet">
          {tr("With:")} {others.map((one) => `${one.team} ${lead(one.team)} ${isSilent(one) ? tr("Not answered") : word(StepSchema, one.step)}`).join(" · ")}
        </p>
      )}
    </>
  );
}

/** What was done on this order and is not decided, or not on the card. */
function Pending({ card, entries }: { card: Card; entries: readonly Entry[] }) {
  const nowMs = card.nowMs();
  return (
    <ul class="kept" aria-live="polite">
      {entries.map((entry) => (
        <li key={entry.number}>
          <b>{entry.title}</b> <span class="number">{minute(entry.atMs, nowMs)}</span> <span class="mark">{tr("not sent yet")}</span>
        </li>
      ))}
    </ul>
  );
}

// The next button stands where the last one was: a thumb that hits twice means one step, and a report is not taken back.
const REST_MS = 800;
let reportedAt = -REST_MS;

/** Does the button still rest, because another was pressed in its place just before? */
function useRest(): boolean {
  const [rests, setRests] = useState(performance.now() - reportedAt < REST_MS);
  useEffect(() => {
    const timer = setTimeout(() => setRests(false), REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return rests;
}

/** What the large button says: the report, in the words of the steps. */
function NextButton({ card, task: { order, part }, next }: { card: Card; task: Task; next: Step }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const rests = useRest();
  const report = async (): Promise<void> => {
    reportedAt = performance.now();
    setBusy(true);
    const value = { order: order.number, team: part.team, step: next };
    const ended = await performOnOrder(card, `${order.number} ${word(StepSchema, next)}`, { case: "reportStep", value });
    setFault(ended.is === "kept" ? "" : outcomeText(ended));
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="next" disabled={busy || rests} onClick={() => void report()}>
        {word(StepSchema, next)}
      </button>
      {fault !== "" && <p class="alarm" role="alert">{fault}</p>}
    </>
  );
}

export function TaskCard({ card, task, after, isStale, open }: TaskProps) {
  const { order, part } = task;
  const pending = pendingEntries(card);
  const { next, step, isDeclined } = ahead(order.number, part, pending);
  return (
    <article class={`task priority${order.priority}${isSilent(part) && step === Step.STEP_UNSPECIFIED && !isDeclined ? " alert" : ""}`}>
      <Facts card={card} task={task} />
      <Pending card={card} entries={pending.filter((entry) => isAbout(entry, order.number))} />
      {next !== undefined && <NextButton key={next} card={card} task={task} next={next} />}
      {after !== undefined && <after.OtherButtons mayDecline={next !== undefined && step <= Step.ACKNOWLEDGED} isThere={step >= Step.ON_SCENE} open={(is) => open({ is, ...task })} />}
      {after !== undefined && <after.PremisesBrief card={card} target={order.target} isStale={isStale} />}
    </article>
  );
}
