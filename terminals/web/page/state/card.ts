/** What a lead's card shows: his team's orders, over the link or as they were told last; and what he has done on them. */
import type { Assignment, Order } from "../gen/dispatch_pb";
import type { Event as Envelope } from "../gen/envelope_pb";
import { AnswerSchema, type OnDutyAnswer, type Person, QuerySchema } from "../gen/shift_pb";
import { decideSeveral } from "../link/act";
import { ask, type ToldSelf } from "../link/ask";
import { type ClockOffset, measured } from "../link/clock";
import { forgetTold, recall, remember } from "../link/database";
import type { Link } from "../link/link";
import { browserStore, Outbox } from "../link/outbox";
import { type Dispatch, emptyDispatch, foldDispatch, isAtWork, isSilent } from "./dispatch";
import { follow } from "./follow";
import { askDuty, askOrdersOf, askTermsOf } from "./lists";
import { sortedOrders } from "./orders";
import { Session } from "./session";
import { keepSnapshot, loadSnapshot, type Snapshot } from "./snapshot";
import { Table } from "./table";
import { tr } from "../words";
import { foldTerms, type Terms } from "./terms";

/** An order, and the team's own part in it. */
export interface Task {
  order: Order;
  part: Assignment;
}

const DUTY_MS = 30_000;
const SECOND_MS = 1_000;
const KEEP_AGAIN_MS = 30_000; // the snapshot's age, while nothing changes
const CLOCK = "clock";
const LOCK = "lianqin-outbox";

/** What brings a photograph to evidence comes after the card. */
type LoadUpload = () => Promise<typeof import("../link/upload").upload>;

export class Card extends Session {
  readonly outbox: Outbox;
  dispatch: Dispatch = emptyDispatch();
  terms: Terms = new Table();
  duty: OnDutyAnswer | undefined;
  /** The card as it was told last; undefined: never here, or the key was revoked. */
  snapshot: Snapshot | undefined;
  /** An act may be dated by this device's clock, though that was never compared with the bus's. */
  trustsOwnClock = false;
  clock: ClockOffset | undefined;
  private own: Person | undefined;
  private team_: Person[] = [];
  private keptAt = -Infinity; // when the snapshot was, by performance.now()
  private hasNews = false; // since then
  private followedTeam: string | undefined;
  private stopTeam: () => void = () => undefined;
  private stopShift: () => void = () => undefined;
  private readonly others = new BroadcastChannel(LOCK);

  /** With what is kept for the badge in this browser: that is to be shown first, and whoever shows it begins the link. */
  static async open(link: Link, badge: string, loadUpload: LoadUpload): Promise<Card> {
    const card = new Card(link, badge, loadUpload);
    const loading = loadSnapshot(badge);
    void loading.then((snapshot) => snapshot ?? link.begin());
    const [snapshot, clock] = await Promise.all([loading, recall<ClockOffset>(CLOCK), card.outbox.load()]);
    card.snapshot ??= snapshot; // the bus may have answered meanwhile: that is newer
    card.clock ??= clock;
    if (snapshot !== undefined && card.followedTeam === undefined) card.followTeam(snapshot.team); // mostly it is the same
    return card;
  }

  private constructor(
    link: Link,
    private badge: string,
    loadUpload: LoadUpload,
  ) {
    super(link);
    this.outbox = new Outbox(badge, {
      store: browserStore,
      post: (service, commands) => decideSeveral(link, service, commands),
      upload: async (photograph, told) => (await loadUpload())(link, photograph, () => this.nowMs(), told),
      isReachable: () => link.state.is === "open" && this.self?.badge === this.badge && this.clock !== undefined, // it puts times right
      clock: () => this.clock,
      alone: async (act) => navigator.locks.request(LOCK, act),
      tellOthers: () => this.others.postMessage("changed"),
    });
    this.outbox.onChange = () => this.onChange();
    this.others.onmessage = () => void this.outbox.load();
    void this.tell(this.askSelf());
    this.followShift();
    this.every(DUTY_MS, () => this.askDuty());
    this.every(SECOND_MS, () => this.eachSecond());
    document.addEventListener("visibilitychange", this.hidden);
  }

  private hidden = (): void => {
    if (document.visibilityState === "hidden") void this.tell(this.keep()); // a phone may end such a page, and never wakes it before
  };

  override stop(): void {
    super.stop();
    this.stopTeam();
    this.stopShift();
    this.others.close();
    document.removeEventListener("visibilitychange", this.hidden);
  }

  /** By the link, or by this device's clock as it was measured last. */
  override nowMs(): number {
    return super.nowMs() ?? Date.now() + (this.clock?.offsetMs ?? 0);
  }

  /** Is all of the card there, over the link? */
  get isTold(): boolean {
    return this.positions.has("shift") && (this.positions.has("dispatch") || this.own?.team === "" || this.own === undefined);
  }

  get showsOffline(): boolean {
    return this.isTold || this.snapshot !== undefined;
  }

  /** What is not sent is kept, whatever becomes of the key. */
  get unsent(): number {
    return this.outbox.waiting.length;
  }

  get remains(): string {
    const { waiting, badge } = this.outbox;
    return waiting.length === 0 ? "" : tr("%d acts of %s are kept here and were not sent: they go out when a key of that badge is brought to this browser.", waiting.length, badge);
  }

  /** "": the roster has this badge in none. */
  get team(): string {
    return (this.isTold ? this.own?.team : this.snapshot?.team) ?? "";
  }

  get people(): Person[] {
    return this.isTold ? this.team_ : (this.snapshot?.people ?? []);
  }

  get leads(): Person[] {
    return this.isTold ? (this.duty?.leads ?? []) : (this.snapshot?.leads ?? []);
  }

  /** What the team is still to do something on, the most urgent first. */
  get tasks(): Task[] {
    const { team } = this;
    const orders = this.isTold ? this.dispatch.orders.values() : (this.snapshot?.orders ?? []);
    return sortedOrders(orders).flatMap((order) => {
      const part = order.assignments.find((one) => one.team === team && isAtWork(one));
      return part === undefined ? [] : [{ order, part }];
    });
  }

  /** The key opens nothing any more: nothing of what the bus has told stays. What was not sent does. */
  async wipe(): Promise<void> {
    this.snapshot = undefined;
    await forgetTold();
  }

  // -------------------------------------------------------------- asking and following

  protected override async askSelf(): Promise<ToldSelf> {
    const told = await super.askSelf();
    const clock = measured(told, this.clock);
    if (clock !== undefined) {
      this.clock = clock;
      await remember(CLOCK, clock);
    }
    if (this.badge !== told.self.badge) await this.become(told.self.badge);
    this.outbox.send();
    return told;
  }

  // A key file of an earlier lq does not say whose it is.
  private async become(badge: string): Promise<void> {
    const isOther = this.badge !== "";
    this.badge = this.outbox.badge = badge;
    if (isOther) this.followShift();
    await this.outbox.load();
  }

  private async askDuty(): Promise<void> {
    this.duty = (await askDuty(this.link)).duty;
  }

  /** Follows the orders of a team; "": of none. */
  private followTeam(team: string): void {
    if (team === this.followedTeam) return;
    this.stopTeam();
    this.followedTeam = team;
    this.dispatch = emptyDispatch();
    this.positions.delete("dispatch");
    this.stopTeam = team === "" ? () => undefined : this.followDispatch(team);
  }

  private followDispatch(team: string): () => void {
    const stream = "dispatch";
    return follow(this.link, {
      stream,
      ask: async () => {
        const { state, asOf } = await askOrdersOf(this.link, team);
        this.dispatch = state;
        this.moved(stream, asOf.seq); // the card can be shown: terms say only how it rings
        const silent = state.orders.values().filter((order) => order.assignments.some((part) => part.team === team && isSilent(part)));
        this.terms = await askTermsOf(this.link, silent.map(({ number }) => number));
        return asOf;
      },
      apply: (e) => this.applyToDispatch(e),
      moved: (seq) => this.moved(stream, seq),
      failed: (text) => this.fail(stream, text),
    });
  }

  private applyToDispatch(e: Envelope): boolean {
    foldTerms(this.terms, e);
    this.hasNews = true;
    const body = foldDispatch(this.dispatch, e)?.body;
    // An order that the team was not on before is not in its list.
    const isNew = body?.case === "teamAdded" && body.value.team === this.followedTeam && this.dispatch.orders.get(body.value.order) === undefined;
    return body !== undefined && !isNew;
  }

  // As at the desk: who is on duty follows from rules that are shift's own.
  private followShift(): void {
    const stream = "shift";
    this.stopShift();
    this.stopShift = follow(this.link, {
      stream,
      ask: async () => {
        const [{ duty, asOf }, own] = await Promise.all([askDuty(this.link), this.askOwn()]);
        const team = own?.team ?? "";
        this.followTeam(team);
        this.team_ = team === "" ? [] : await this.askPeople({ team });
        this.own = own;
        this.duty = duty;
        this.hasNews = true;
        return asOf;
      },
      apply: () => false,
      moved: (seq) => this.moved(stream, seq),
      failed: (text) => this.fail(stream, text),
    });
  }

  private async askOwn(): Promise<Person | undefined> {
    const [own] = await this.askPeople({ badge: this.badge || (await this.askSelf()).self.badge });
    return own;
  }

  private async askPeople(which: { badge?: string; team?: string }): Promise<Person[]> {
    const { answer } = await ask(this.link, "shift", QuerySchema, { body: { case: "people", value: { ...which, limit: 200 } } }, AnswerSchema);
    return answer.body.case === "people" ? answer.body.value.people.filter((person) => person.leftDay === 0) : [];
  }

  /** The first card that is told is kept at once: the phone may be put away again, or its signal gone, within the second. */
  protected override moved(stream: string, seq: bigint): void {
    super.moved(stream, seq);
    if (this.keptAt === -Infinity) void this.tell(this.keep());
  }

  // -------------------------------------------------------------- each second

  private async eachSecond(): Promise<void> {
    this.outbox.send();
    await this.keep();
  }

  private async keep(): Promise<void> {
    const now = performance.now();
    if (!this.isTold || this.link.state.is !== "open" || (!this.hasNews && now - this.keptAt < KEEP_AGAIN_MS)) return;
    this.hasNews = false;
    this.keptAt = now;
    const { badge, team, people, leads } = this;
    const snapshot = { badge, atMs: this.nowMs(), team, people, leads, orders: this.tasks.map(({ order }) => order) };
    await keepSnapshot(snapshot);
    this.snapshot = snapshot;
  }
}
