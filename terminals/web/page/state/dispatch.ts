/**
 * The open orders, and the calls that wait, as dispatch's events change them: what services/dispatch does with its
 * tables, for these two lists. fold(query + events) = later query (tests/web/page/fold.test.ts).
 */
import { clone, create, fromBinary } from "@bufbuild/protobuf";
import {
  type Assignment,
  AssignmentSchema,
  type Call,
  CallSchema,
  CallState,
  type Event as DispatchEvent,
  EventSchema,
  type Order,
  OrderSchema,
  type OrderIssued,
  Step,
} from "../gen/dispatch_pb";
import type { Event as Envelope } from "../gen/envelope_pb";
import { EnteredSchema, type Corrected, type Entered } from "../gen/rules_pb";
import { Table } from "./table";

export interface Dispatch {
  orders: Table<Order>;
  calls: Table<Call>;
}

export type Known = Exclude<DispatchEvent["body"], { case: undefined }>;

export function emptyDispatch(): Dispatch {
  return { orders: new Table(), calls: new Table() };
}

/** Is the team still to do something on the order? */
export function isAtWork(a: Assignment): boolean {
  return a.step !== Step.FINISHED && a.declinedAtMs === 0n && a.withdrawnAtMs === 0n;
}

/** Has the team said nothing yet, and is somebody waiting for it? */
export function isSilent(a: Assignment): boolean {
  return a.step === Step.STEP_UNSPECIFIED && isAtWork(a);
}

/** An order is open while a team is at work, or while nobody has finished it: then nobody has it. */
export function isOpen(order: Order): boolean {
  const { assignments: all } = order;
  return order.cancelledAtMs === 0n && (all.some(isAtWork) || !all.some((a) => a.step === Step.FINISHED));
}

/** What is entered with a record; a reason only of acting for another. */
function enteredBy({ actor, onBehalfOf, reason, seq }: Envelope): Entered {
  return create(EnteredSchema, { actor, onBehalfOf, reason: onBehalfOf === "" ? "" : reason, record: seq });
}

function issued(e: OrderIssued, entered: Entered): Order {
  const { number, issuedAtMs, desk, kind, target, targetName, township, priority, vehicles, machines } = e;
  const assignments = e.assignments.map((a) => create(AssignmentSchema, { ...a, entered }));
  const { instructions, overrideReason } = e;
  return create(OrderSchema, {
    ...{ number, issuedAtMs, desk, kind, target, targetName, township, priority, vehicles, machines },
    ...{ assignments, instructions, overrideReason, entered },
  });
}

const TIME_OF_STEP = {
  [Step.ACKNOWLEDGED]: "acknowledgedAtMs",
  [Step.DEPARTED]: "departedAtMs",
  [Step.ON_SCENE]: "onSceneAtMs",
  [Step.FINISHED]: "finishedAtMs",
} as const;

function setStep(a: Assignment, step: Step, atMs: bigint): void {
  a.step = step;
  if (step !== Step.STEP_UNSPECIFIED) a[TIME_OF_STEP[step]] = atMs;
}

class Folding {
  constructor(
    private readonly state: Dispatch,
    private readonly e: Envelope,
  ) {}

  private order(number: string, change: (order: Order) => void): void {
    this.state.orders.change(number, this.e.seq, (before) => {
      const after = clone(OrderSchema, before);
      change(after);
      return isOpen(after) ? after : undefined;
    });
  }

  private part(number: string, team: string, change: (a: Assignment) => void): void {
    this.order(number, (order) => order.assignments.filter((a) => a.team === team).forEach(change));
  }

  /** A team's answer, which says who has entered it. */
  private answer(e: { order: string; team: string; by: string }, change: (a: Assignment) => void): void {
    this.part(e.order, e.team, (a) => {
      change(a);
      a.lastBy = e.by;
      a.entered = enteredBy(this.e);
    });
  }

  private corrected({ kind, number, thing }: Corrected): void {
    if (kind === "order") {
      const now = fromBinary(OrderSchema, thing);
      this.order(number, (order) => Object.assign(order, now, { assignments: order.assignments, entered: now.entered ?? order.entered }));
    } else if (kind === "assignment") {
      const now = fromBinary(AssignmentSchema, thing);
      const order = number.slice(0, number.length - now.team.length - 1); // "O0263/T02"
      this.part(order, now.team, (a) => Object.assign(a, now, { entered: now.entered ?? a.entered }));
    }
  }

  private voided(kind: string, number: string): void {
    if (kind === "order") this.state.orders.change(number, this.e.seq, () => undefined);
    const slash = number.lastIndexOf("/");
    if (kind === "participant") this.order(number.slice(0, slash), (order) => order.participants--);
  }

  apply(body: Known): void {
    const { e } = this;
    const at = e.occurredAtMs;
    switch (body.case) {
      case "orderIssued":
        this.state.orders.put(body.value.number, e.seq, issued(body.value, enteredBy(e)));
        break;
      case "stepReported":
        this.answer(body.value, (a) => setStep(a, body.value.step, at));
        break;
      case "orderDeclined":
        this.answer(body.value, (a) => Object.assign(a, { declinedAtMs: at, declineReason: body.value.why }));
        break;
      case "teamWithdrawn":
        this.answer(body.value, (a) => Object.assign(a, { withdrawnAtMs: at, withdrawReason: body.value.why }));
        break;
      case "orderSeen":
        this.part(body.value.order, body.value.team, (a) => {
          a.deliveredAtMs ||= at;
          if (body.value.read) a.readAtMs = at;
        });
        break;
      default:
        this.applyToOrder(body);
    }
  }

  private applyToOrder(body: Known): void {
    const { e } = this;
    switch (body.case) {
      case "orderCancelled":
        this.order(body.value.order, (order) => (order.cancelledAtMs = e.occurredAtMs));
        break;
      case "orderAmended":
        this.order(body.value.order, (order) => Object.assign(order, { priority: body.value.priority, instructions: body.value.instructions }));
        break;
      case "teamAdded": {
        const { team, to } = body.value;
        const added = create(AssignmentSchema, { team, to, addedAtMs: e.occurredAtMs, entered: enteredBy(e) });
        this.order(body.value.order, (order) => order.assignments.push(added));
        break;
      }
      case "participantRecorded":
        this.order(body.value.order, (order) => order.participants++);
        break;
      case "corrected":
        this.corrected(body.value);
        break;
      case "voided":
        this.voided(body.value.kind, body.value.number);
        break;
      case "callOpened": {
        const { number, atMs, premises, what, priority, sourceKind, sourceNumber, by } = body.value;
        const call = { number, atMs, premises, what, priority, sourceKind, sourceNumber, by, entered: enteredBy(e) };
        this.state.calls.put(number, e.seq, create(CallSchema, call));
        break;
      }
      case "stepTaken":
        if (body.value.kind === "call" && body.value.to !== CallState[CallState.CALL_OPEN]) {
          this.state.calls.change(body.value.number, e.seq, () => undefined);
        }
        break;
    }
  }
}

/**
 * Applies one event of dispatch's stream, and gives it. undefined: the lists have to be asked for again, because an
 * order is open again that was not in the list, or because this page is older than the service.
 */
export function foldDispatch(state: Dispatch, e: Envelope): DispatchEvent | undefined {
  const event = fromBinary(EventSchema, e.body);
  if (event.body.case === undefined || event.body.case === "orderReopened") return undefined;
  new Folding(state, e).apply(event.body);
  return event;
}
