/** What every page has of the bus: who it is to it, what time it is there, and how far streams have been followed. */
import { Role, type Self } from "../gen/envelope_pb";
import { askSelf, type ToldSelf } from "../link/ask";
import type { Link } from "../link/link";

const SELF_MS = 5_000; // a key that was revoked is told with the next reply

/** Whose key opens the card of a team and not the board: a lead's who has no desk. */
export function opensCard({ roles }: Self): boolean {
  return roles.includes(Role.LEAD) && ![Role.DESK, Role.COMMANDER, Role.CLERK].some((role) => roles.includes(role));
}

export class Session {
  self: Self | undefined;
  /** How far each stream has been followed; what is not in it has not been told yet. */
  positions = new Map<string, bigint>();
  /** What cannot be shown, by stream. */
  failures = new Map<string, string>();
  /** The site has another version of the page. */
  isOutdated = false;
  onChange: () => void = () => undefined;
  protected readonly stops: (() => void)[] = [];
  private offsetMs: number | undefined;

  constructor(readonly link: Link) {
    this.every(SELF_MS, () => this.askSelf());
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.link.close();
  }

  /** The bus's clock; undefined: it has not been heard yet. */
  nowMs(): number | undefined {
    return this.offsetMs === undefined ? undefined : performance.now() + this.offsetMs;
  }

  can(role: Role): boolean {
    return this.self?.roles.includes(role) === true;
  }

  get isLead(): boolean {
    return this.self !== undefined && opensCard(this.self);
  }

  protected every(ms: number, act: () => Promise<unknown>): void {
    const timer = setInterval(() => void this.tell(act()), ms);
    this.stops.push(() => clearInterval(timer));
  }

  /** What fails here is tried again by its timer; that the link is down is told by the link. */
  protected async tell<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      const told = await asked;
      this.onChange();
      return told;
    } catch {
      return undefined;
    }
  }

  protected async askSelf(): Promise<ToldSelf> {
    const told = await askSelf(this.link);
    this.self = told.self;
    // What is within the error of the measurement is no news: the clock shall not tremble.
    if (this.offsetMs === undefined || Math.abs(told.offsetMs - this.offsetMs) > told.tookMs / 2) this.offsetMs = told.offsetMs;
    return told;
  }

  protected fail(stream: string, text: string | undefined): void {
    if (text === undefined) this.failures.delete(stream);
    else this.failures.set(stream, text);
    this.onChange();
  }

  protected moved(stream: string, seq: bigint): void {
    if (this.positions.get(stream) === seq) return; // nothing came while it was waited for
    this.positions.set(stream, seq);
    this.onChange();
  }
}
