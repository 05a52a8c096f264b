/** The lead's card: his team's orders, one large button for the next step, in his own name. */
import { useEffect, useState } from "preact/hooks";
import { type Assignment, CommandSchema, type Order, PrioritySchema, Step, StepSchema } from "../gen/dispatch_pb";
import { Role } from "../gen/envelope_pb";
import { decide, makeCommand } from "../link/act";
import type { Desk } from "../state/desk";
import { isAtWork, isSilent } from "../state/dispatch";
import { kindWord, tr, word } from "../words";
import type { Acts } from "../shell/acts";
import { Dialog, textOf } from "../shell/dialog";
import { nextStep } from "../desk/forms";
import { sortedOrders } from "../desk/orders";
import { length } from "../shell/time";

/** Whose key opens this card and not the board: a lead's who has no desk. */
export function isLead(desk: Desk): boolean {
  return desk.can(Role.LEAD) && !desk.can(Role.DESK) && !desk.can(Role.COMMANDER) && !desk.can(Role.CLERK);
}

interface Task {
  order: Order;
  part: Assignment;
}

/** The team of whoever's key this is; "": none. */
export function ownTeam(desk: Desk): string {
  return desk.people.get(desk.self?.badge ?? "")?.team ?? "";
}

function tasksOf(desk: Desk, team: string): Task[] {
  return sortedOrders(desk.dispatch.orders.values()).flatMap((order) => {
    const part = order.assignments.find((one) => one.team === team && isAtWork(one));
    return part === undefined ? [] : [{ order, part }];
  });
}

/** Tells the desk that an order is on this terminal, and that it is before its reader: no answer, and told once. */
function useSeen(desk: Desk, tasks: readonly Task[], team: string): void {
  const [told] = useState(() => new Set<string>());
  const read = document.visibilityState === "visible";
  for (const { order, part } of tasks) {
    const key = `${order.number} ${read}`;
    if (!isSilent(part) || told.has(key) || (read ? part.readAtMs : part.deliveredAtMs) !== 0n) continue;
    told.add(key);
    const body = { case: "markSeen" as const, value: { order: order.number, team, read } };
    void decide(desk.link, "dispatch", makeCommand(desk.nowMs() ?? Date.now(), CommandSchema, { body }));
  }
}

/** The screen stays on while the card is shown: a locked phone rings for nobody. */
function useWakeLock(): void {
  useEffect(() => {
    const hold = (): void => {
      if (document.visibilityState === "visible") void navigator.wakeLock?.request("screen").catch(() => undefined);
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => document.removeEventListener("visibilitychange", hold);
  }, []);
}

interface TaskProps {
  desk: Desk;
  acts: Acts;
  task: Task;
  nowMs: number;
  open(form: LeadForm): void;
}

/** What the large button says: the report, in the words of the steps. */
function TaskCard({ desk, acts, task: { order, part }, nowMs, open }: TaskProps) {
  const [busy, setBusy] = useState(false);
  const step = nextStep(part);
  const report = async (): Promise<void> => {
    if (step === undefined) return;
    setBusy(true);
    const value = { order: order.number, team: part.team, step };
    await acts.perform(`${order.number} ${word(StepSchema, step)}`, { case: "reportStep", value });
    setBusy(false);
  };
  const others = order.assignments.filter((one) => one.team !== part.team);
  const lead = (team: string): string => desk.duty?.leads.find((person) => person.team === team)?.name ?? "";
  return (
    <article class={`task priority${order.priority}${isSilent(part) ? " alert" : ""}`}>
      <header>
        <span class="priority">{word(PrioritySchema, order.priority)}</span> <b>{order.number}</b>{" "}
        <span class="where">{[order.township, kindWord(order.kind)].filter(Boolean).join(" · ")}</span>
        <span class="age number">{length(nowMs - Number(order.issuedAtMs))}</span>
      </header>
      <h2>{order.targetName || order.target}</h2>
      {order.instructions !== "" && <p class="instructions">{order.instructions}</p>}
      {others.length > 0 && (
        <p class="quiet">
          {tr("With:")} {others.map((one) => `${one.team} ${lead(one.team)} ${isSilent(one) ? tr("Not answered") : word(StepSchema, one.step)}`).join(" · ")}
        </p>
      )}
      {step !== undefined && (
        <button type="button" class="next" disabled={busy} onClick={() => void report()}>
          {busy ? tr("under way …") : word(StepSchema, step)}
        </button>
      )}
      <p class="buttons">
        {part.step <= Step.ACKNOWLEDGED && (
          <button type="button" class="plain" onClick={() => open({ is: "decline", order, part })}>
            {tr("Decline")}
          </button>
        )}
        <button type="button" class="plain" onClick={() => open({ is: "help", order, part })}>
          {tr("Call for help")}
        </button>
      </p>
    </article>
  );
}

type LeadForm = { is: "decline" | "help" } & Task;

function OpenLeadForm({ acts, form, close }: { acts: Acts; form: LeadForm; close(): void }) {
  const { order, part } = form;
  const isHelp = form.is === "help";
  const title = isHelp ? tr("Call for help") : tr("Decline");
  const act = (data: FormData) => {
    const [words, what] = [textOf(data, "words"), { order: order.number, team: part.team }];
    const line = `${order.number} ${title}`;
    if (isHelp) return acts.perform(line, { case: "callForHelp", value: { ...what, words } });
    return words === "" ? tr("Why does the team decline? Its own words say so.") : acts.perform(line, { case: "declineOrder", value: { ...what, why: words } });
  };
  return (
    <Dialog title={`${title} ${order.number}`} submit={title} close={close} act={act}>
      <label>
        {isHelp ? tr("For what") : tr("Why")} <input name="words" autocomplete="off" maxLength={500} autofocus />
      </label>
    </Dialog>
  );
}

export function LeadPanes({ desk, acts, nowMs }: { desk: Desk; acts: Acts; nowMs: number }) {
  const [form, setForm] = useState<LeadForm>();
  const team = ownTeam(desk);
  const tasks = team === "" ? [] : tasksOf(desk, team);
  useSeen(desk, tasks, team);
  useWakeLock();
  return (
    <main class="lead">
      {team === "" && <p class="alarm">{tr("The roster has this badge in no team.")}</p>}
      {team !== "" && tasks.length === 0 && <p class="empty">{tr("Team %s has no open order.", team)}</p>}
      {tasks.map((task) => (
        <TaskCard key={task.order.number} desk={desk} acts={acts} task={task} nowMs={nowMs} open={setForm} />
      ))}
      {form !== undefined && <OpenLeadForm acts={acts} form={form} close={() => setForm(undefined)} />}
    </main>
  );
}
