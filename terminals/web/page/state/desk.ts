/** All that the desk's board shows, kept up to date over one link. */
import { fromBinary } from "@bufbuild/protobuf";
import { AnswerSchema, type Event as DispatchEvent, EventSchema, type HandoverFile, QuerySchema } from "../gen/dispatch_pb";
import { type Event as Envelope, Refusal_Why } from "../gen/envelope_pb";
import type { OnDutyAnswer, Person } from "../gen/shift_pb";
import { ask, askStatus, fetchEvents } from "../link/ask";
import { type Link, Refused } from "../link/link";
import { type Dispatch, emptyDispatch, foldDispatch } from "./dispatch";
import { follow } from "./follow";
import { askDispatch, askDuty, askPeople, askTerms, earlier } from "./lists";
import { Session } from "./session";
import { Table } from "./table";
import { foldTerms, type Terms, Titles } from "./terms";

/** Something that happened, as it came. */
export interface Happened {
  envelope: Envelope;
  event: DispatchEvent;
}

const KEPT_MOST = 60; // of what happened
const LOOK_BACK = 500; // records, for what had happened when the page was opened
const DUTY_MS = 30_000;
const SERVICES_MS = 60_000; // one that was down is followed from then on

// There is no such question there, or it is not for this key.
const NONE = [Refusal_Why.MALFORMED, Refusal_Why.NOT_PERMITTED, Refusal_Why.NO_SUCH_SERVICE];

export class Desk extends Session {
  dispatch: Dispatch = emptyDispatch();
  terms = new Map<string, Terms>();
  titles = new Titles();
  duty: OnDutyAnswer | undefined;
  people = new Map<string, Person>();
  handover: HandoverFile | undefined;
  happened: Happened[] = []; // the latest first
  /** An event of dispatch's stream, or of one that is followed for its terms. */
  onEvent: (stream: string, e: Envelope) => void = () => undefined;
  private readonly others = new Set<string>(); // services of which the terms are followed, or which have none

  constructor(link: Link) {
    super(link);
    link.begin();
    void this.start();
    this.every(DUTY_MS, () => this.askDuty());
    this.every(SERVICES_MS, () => this.followOthers());
  }

  // -------------------------------------------------------------- asking

  private async start(): Promise<void> {
    await this.tell(this.askSelf());
    this.followDispatch();
    this.followShift();
  }

  private async followOthers(): Promise<void> {
    const { follows } = await askStatus(this.link, "bus");
    for (const { stream } of follows) {
      if (stream === "dispatch" || stream === "shift" || this.others.has(stream)) continue;
      this.others.add(stream);
      this.followTerms(stream);
    }
  }

  private async askDuty(): Promise<void> {
    this.duty = (await askDuty(this.link)).duty;
    await this.askHandover();
  }

  /** What is open now is told with it: who looks at it asks again when dispatch has moved. */
  hearHandover(): void {
    void this.tell(this.askHandover());
  }

  private async askHandover(): Promise<void> {
    const told = await ask(this.link, "dispatch", QuerySchema, { body: { case: "handover", value: {} } }, AnswerSchema);
    this.handover = told.answer.body.case === "handover" ? told.answer.body.value : undefined;
  }

  // -------------------------------------------------------------- following

  private followDispatch(): void {
    const stream = "dispatch";
    this.stops.push(
      follow(this.link, {
        stream,
        ask: async () => {
          const [{ state, asOf }, terms] = await Promise.all([
            askDispatch(this.link),
            askTerms(this.link, stream, this.titles),
            this.askHandover(),
          ]);
          this.dispatch = state;
          this.terms.set(stream, terms.state);
          // The orders come first; what else the board shows beside them need not be waited for.
          void this.tell(this.lookBack(asOf.seq));
          void this.tell(this.followOthers());
          return earlier(asOf, terms.asOf);
        },
        apply: (e) => this.applyToDispatch(e),
        moved: (seq) => this.moved(stream, seq),
        failed: (text) => this.fail(stream, text),
      }),
    );
  }

  private applyToDispatch(e: Envelope): boolean {
    this.foldTermsOf("dispatch", e);
    this.onEvent("dispatch", e);
    const event = foldDispatch(this.dispatch, e);
    if (event === undefined) return false;
    this.remember([{ envelope: e, event }]);
    if (event.body.case?.startsWith("handover") === true) this.hearHandover();
    return true;
  }

  // What had happened when the page was opened.
  private async lookBack(seq: bigint): Promise<void> {
    if (this.happened.length > 0 || seq === 0n) return;
    const from = seq > BigInt(LOOK_BACK) ? seq - BigInt(LOOK_BACK) : 0n;
    const { events } = await fetchEvents(this.link, "dispatch", from, new Uint8Array(0), 0);
    this.remember(events.events.map((envelope) => ({ envelope, event: fromBinary(EventSchema, envelope.body) })));
  }

  // The latest first, whichever came first. What the runtime copies from other streams ("…Noted") is no news of dispatch's.
  private remember(news: readonly Happened[]): void {
    const isNews = ({ envelope, event }: Happened): boolean =>
      event.body.case?.endsWith("Noted") === false && !this.happened.some((one) => one.envelope.seq === envelope.seq);
    this.happened = [...this.happened, ...news.filter(isNews)].sort((a, b) => Number(b.envelope.seq - a.envelope.seq)).slice(0, KEPT_MOST);
  }

  // Who is on duty follows from rules that are shift's own: it is asked again when anything happened there.
  private followShift(): void {
    const stream = "shift";
    this.stops.push(
      follow(this.link, {
        stream,
        ask: async () => {
          const { duty, asOf } = await askDuty(this.link);
          const terms = await askTerms(this.link, stream, this.titles);
          this.people = await askPeople(this.link);
          this.duty = duty;
          this.terms.set(stream, terms.state);
          return earlier(asOf, terms.asOf);
        },
        apply: () => false,
        moved: (seq) => this.moved(stream, seq),
        failed: (text) => this.fail(stream, text),
      }),
    );
  }

  // Of other services the board shows terms alone. Who may not ask a service, or finds none there, follows none.
  private followTerms(stream: string): void {
    let none = false;
    let isNews = true;
    const stop = follow(this.link, {
      stream,
      ask: async () => {
        try {
          const { state, asOf } = await askTerms(this.link, stream, this.titles);
          this.terms.set(stream, state);
          isNews = true;
          return asOf;
        } catch (error) {
          none = error instanceof Refused && NONE.includes(error.refusal.why);
          throw error;
        }
      },
      apply: (e) => {
        isNews = this.foldTermsOf(stream, e) || isNews;
        this.onEvent(stream, e);
        return true;
      },
      // Most of its events change no term: that it has moved is seen with the next second.
      moved: (seq) => {
        if (isNews) this.moved(stream, seq);
        else this.positions.set(stream, seq);
        isNews = false;
      },
      failed: (text) => {
        if (none) stop();
        else this.fail(stream, text);
      },
    });
    this.stops.push(stop);
  }

  // Gives whether it changes any. A rule that no answer has named yet is asked for: events do not say what it is called.
  private foldTermsOf(stream: string, e: Envelope): boolean {
    const terms = this.terms.get(stream) ?? new Table();
    this.terms.set(stream, terms);
    const changed = foldTerms(terms, e);
    if (changed.some((clock) => this.titles.of(clock) === undefined)) void this.tell(askTerms(this.link, stream, this.titles));
    return changed.length > 0;
  }
}
