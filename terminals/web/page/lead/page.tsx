/** The lead's page: one order a screen, whether there is a signal or not. */
import { useEffect, useState } from "preact/hooks";
import { CommandSchema, type Order, Step } from "../gen/dispatch_pb";
import { decide, makeCommand } from "../link/act";
import { staleMs } from "../shell/fresh";
import { useLive } from "../shell/live";
import { ToneButton, useTone } from "../shell/sound";
import { clock, length, minute } from "../shell/time";
import { loadCatalog } from "../shell/told";
import type { Tone, Waiting } from "../shell/tone";
import { troubles } from "../shell/trouble";
import type { Card, Task } from "../state/card";
import { isSilent } from "../state/dispatch";
import { language, tr } from "../words";
import { clockDoubt } from "./acts";
import { TaskCard } from "./card";
import type { LeadForm } from "./forms";
import { ahead, pendingEntries } from "./pending";

/** Tells the desk that an order is on this terminal, and that it is before its reader: no answer, and told once. */
function useSeen(card: Card, tasks: readonly Task[]): void {
  const [told] = useState(() => new Set<string>());
  if (!card.isTold || card.link.state.is !== "open") return;
  const read = document.visibilityState === "visible";
  for (const { order, part } of tasks) {
    const key = `${order.number} ${read}`;
    if (!isSilent(part) || told.has(key) || (read ? part.readAtMs : part.deliveredAtMs) !== 0n) continue;
    told.add(key);
    const body = { case: "markSeen" as const, value: { order: order.number, team: part.team, read } };
    void decide(card.link, "dispatch", makeCommand(card.nowMs(), CommandSchema, { body }));
  }
}

/** What comes once the card is shown; from then on it is there without a signal, too. */
function useAfter(isShown: boolean): typeof import("./after") | undefined {
  const [after, setAfter] = useState<typeof import("./after")>();
  useEffect(() => {
    if (isShown) void import("./after").then(setAfter, () => undefined);
  }, [isShown]);
  return after;
}

/** Is the order unanswered, and nothing was done about it here? */
function isUnanswered(card: Card, { order, part }: Task): boolean {
  if (!isSilent(part)) return false;
  const { step, isDeclined } = ahead(order.number, part, pendingEntries(card));
  return step === Step.STEP_UNSPECIFIED && !isDeclined;
}

function waits(card: Card, tasks: readonly Task[]): Waiting {
  const unanswered = tasks.filter((task) => isUnanswered(card, task));
  const nowMs = card.nowMs();
  const isOver = ({ number }: Order): boolean => card.terms.values().some((term) => term.kind === "order" && term.number === number && Number(term.dueMs) <= nowMs);
  if (unanswered.some(({ order }) => isOver(order))) return "over";
  return unanswered.length > 0 ? "new" : undefined;
}

function SignalMark({ card }: { card: Card }) {
  const stale = staleMs(card);
  if (stale > 0) return <span class="link down" role="status">{card.link.heardAt === 0 ? tr("Offline") : `${tr("Offline")} ${length(stale)}`}</span>;
  return card.link.state.is === "open" ? <span class="link up" role="status">{tr("Online")}</span> : <span class="link" role="status">{tr("Connecting")}</span>;
}

const COMPARED_MS = 10_000; // with a link the clock is compared by then

interface HeadProps {
  card: Card;
  tone: Tone;
  isListed: boolean; // what waits
  list(): void;
}

function Head({ card, tone, isListed, list }: HeadProps) {
  const { length: count } = card.outbox.waiting;
  const own = card.people.find((person) => person.badge === card.outbox.badge);
  return (
    <header class="head">
      <h1>
        {card.team || tr("Lianqin")} <span>{own?.name ?? card.outbox.badge}</span>
      </h1>
      <time class="number">{clock(card.nowMs()).slice(0, 5)}</time>
      <nav>
        <ToneButton desk={card} tone={tone} />
      </nav>
      <p class="signal">
        <SignalMark card={card} />
        <a href={language === "zh" ? "?lang=en" : "?lang=zh"} lang={language === "zh" ? "en" : "zh-CN"}>
          {language === "zh" ? "English" : "中文"}
        </a>
        <button type="button" class={`link${count > 0 ? " waits" : ""}`} aria-expanded={isListed} aria-controls="waiting-acts" onClick={list}>
          {tr("%d to send", count)}
        </button>
      </p>
    </header>
  );
}

/** Since when what is shown has not been heard. */
function Stale({ card }: { card: Card }) {
  const nowMs = card.nowMs();
  const asOfMs = card.isTold ? nowMs - staleMs(card) : card.snapshot?.atMs;
  return (
    <p class="banner" role="alert">
      {asOfMs !== undefined && <b>{tr("As of %s.", minute(asOfMs, nowMs))}</b>}{" "}
      {tr("What you do is kept here, and sent when there is a signal.")}
    </p>
  );
}

function ClockDoubt({ card }: { card: Card }) {
  const doubt = clockDoubt(card);
  // It is about to be compared, or an act says why it was not kept: this is no news yet.
  if (doubt === "" || performance.now() - card.link.state.since < COMPARED_MS) return null;
  const trust = (): void => {
    card.trustsOwnClock = true;
    card.onChange();
  };
  return (
    <p class="banner notice" role="alert">
      {doubt} <button type="button" onClick={trust}>{tr("It is %s: right", clock(Date.now()))}</button>
    </p>
  );
}

interface ChooserProps {
  card: Card;
  tasks: readonly Task[];
  chosen: string;
  choose(number: string): void;
}

/** Where there are several orders: one of them is shown, the others are one touch away. */
function Chooser({ card, tasks, chosen, choose }: ChooserProps) {
  if (tasks.length < 2) return null;
  return (
    <nav class="chooser" aria-label={tr("Orders of the team")}>
      {tasks.map((task) => (
        <button key={task.order.number} type="button" class={isUnanswered(card, task) ? "alert" : ""} aria-current={task.order.number === chosen} onClick={() => choose(task.order.number)}>
          {task.order.number} {task.order.targetName}
        </button>
      ))}
    </nav>
  );
}

interface OrdersProps {
  card: Card;
  tasks: readonly Task[];
  after: ReturnType<typeof useAfter>;
  isStale: boolean;
  open(form: LeadForm): void;
}

function Orders({ card, tasks, after, isStale, open }: OrdersProps) {
  const [wanted, setWanted] = useState("");
  const task = tasks.find(({ order }) => order.number === wanted) ?? tasks[0];
  if (card.team === "") return <p class="alarm">{tr("The roster has this badge in no team.")}</p>;
  if (task === undefined) return <p class="empty">{tr("Team %s has no open order.", card.team)}</p>;
  return (
    <>
      <Chooser card={card} tasks={tasks} chosen={task.order.number} choose={setWanted} />
      <TaskCard key={task.order.number} card={card} task={task} after={after} isStale={isStale} open={open} />
    </>
  );
}

export function LeadPage({ card }: { card: Card }) {
  useLive(card);
  useEffect(() => card.link.begin(), [card]); // a slow phone has shown by then what it keeps
  const after = useAfter(card.showsOffline);
  const [form, setForm] = useState<LeadForm>();
  const [isListed, setListed] = useState(false);
  const { tasks, isTold, showsOffline } = card;
  useSeen(card, tasks);
  const tone = useTone(showsOffline ? waits(card, tasks) : undefined);
  useEffect(() => {
    if (showsOffline) void loadCatalog().catch(() => undefined); // without it what services tell is in English
  }, [showsOffline]);
  const isStale = staleMs(card) > 0 || !isTold;
  return (
    <div class={`board lead-page${isStale && showsOffline ? " stale" : ""}`}>
      <Head card={card} tone={tone} isListed={isListed} list={() => setListed(!isListed)} />
      {isStale && showsOffline && <Stale card={card} />}
      <ClockDoubt card={card} />
      {troubles(card).map((text) => (
        <p key={text} class="banner notice" role="status">
          {text}
        </p>
      ))}
      {after !== undefined && <after.KeptActs card={card} isListed={isListed} />}
      <main class="lead">{showsOffline ? <Orders card={card} tasks={tasks} after={after} isStale={isStale} open={setForm} /> : <p class="empty">{tr("The card is being asked for …")}</p>}</main>
      {after !== undefined && <after.Device />}
      {form !== undefined && after !== undefined && <after.OpenLeadForm card={card} form={form} close={() => setForm(undefined)} />}
    </div>
  );
}
