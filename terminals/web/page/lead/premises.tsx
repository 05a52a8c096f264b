/** The file of an order's premises in short, and where they are from here. */
import { useState } from "preact/hooks";
import { type Notice, NoticeFormSchema, Notice_StateSchema } from "../gen/casefile_pb";
import { type Entry, StatusSchema } from "../gen/ledger_pb";
import { type Item, State, StateSchema } from "../gen/seizure_pb";
import { Refused, Unanswered } from "../link/link";
import { kindTitle } from "../shell/kinds";
import { minute } from "../shell/time";
import { type Bearing, bearing, type Place, wind } from "../state/bearing";
import type { Card } from "../state/card";
import { dayOfMs, dayText } from "../state/periods";
import { askPremises, keepPremises, loadPremises, type Premises } from "../state/premises";
import { tr, word } from "../words";

const AGAIN_MS = 120_000;
const REFUSED_MS = 10_000; // what was refused is asked for again

/** Of all orders on a card: asked for one after another, and anew when one is old, or something was done about it here. */
class Files {
  known = new Map<string, Premises>();
  private readonly askedAt = new Map<string, number>(); // by performance.now()
  private isBusy = true;
  private done = 0;

  constructor(private readonly card: Card) {
    void loadPremises().then((kept) => {
      for (const [number, one] of kept) if (!this.known.has(number)) this.known.set(number, one);
      this.isBusy = false;
      card.onChange();
    });
  }

  /** Called whenever the card is drawn. */
  catchUp(now = performance.now()): void {
    const { outbox, isTold, link, tasks } = this.card;
    const done = outbox.accepted.filter(({ entry }) => entry.service !== "dispatch").length;
    if (done > this.done) this.askedAt.clear();
    this.done = done;
    if (this.isBusy || !isTold || link.state.is !== "open") return;
    const wanted = tasks.map(({ order }) => order.target).find((target) => target !== "" && now - (this.askedAt.get(target) ?? -Infinity) >= AGAIN_MS);
    if (wanted === undefined) return;
    this.askedAt.set(wanted, now);
    this.isBusy = true;
    void this.ask(wanted).finally(() => {
      this.isBusy = false;
      this.card.onChange();
    });
  }

  private async ask(number: string): Promise<void> {
    try {
      const told = await askPremises(this.card.link, number, () => this.card.nowMs());
      // What was seen here is here without a signal, too: it is kept before it is shown. Where nothing can be kept it is shown all the same.
      await keepPremises(new Map(this.known).set(number, told).values()).finally(() => this.known.set(number, told));
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unanswered || error instanceof DOMException)) throw error;
      this.askedAt.set(number, performance.now() - AGAIN_MS + REFUSED_MS);
    }
  }
}

const files = new WeakMap<Card, Files>();

function filesOf(card: Card): Files {
  const one = files.get(card) ?? new Files(card);
  files.set(card, one);
  return one;
}

function placeOf({ premises }: Entry): Place | undefined {
  if (premises === undefined || (premises.latE7 === 0 && premises.lonE7 === 0)) return undefined;
  return { latitude: premises.latE7 / 1e7, longitude: premises.lonE7 / 1e7 };
}

// What getCurrentPosition fails with; the third is that it took too long.
function positionFault({ code }: GeolocationPositionError): string {
  if (code === GeolocationPositionError.PERMISSION_DENIED) return tr("This page may not know where the device is: allow it in the browser's settings of this site, then touch the button again.");
  return tr("The device does not know where it is: go into the open, and try again.");
}

function bearingText({ metres, degrees }: Bearing): string {
  const winds = [tr("north"), tr("north-east"), tr("east"), tr("south-east"), tr("south"), tr("south-west"), tr("west"), tr("north-west")];
  const far = metres < 1_000 ? tr("%d m", Math.round(metres / 10) * 10) : tr("%s km", (metres / 1000).toFixed(1));
  return `${winds[wind(degrees)]} ${Math.round(degrees)}° · ${far}`;
}

/** The device is asked where it is only when the button is touched. */
function Way({ to }: { to: Place }) {
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState("");
  const [fault, setFault] = useState("");
  const find = (): void => {
    setBusy(true);
    const tell = (way: string, why: string): void => {
      setBusy(false);
      setFound(way);
      setFault(why);
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => tell(`${bearingText(bearing(coords, to))} ${tr("(to %d m)", Math.ceil(coords.accuracy))}`, ""),
      (error) => tell("", positionFault(error)),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 5_000 },
    );
  };
  return (
    <>
      <p class="way">
        <button type="button" class="other" disabled={busy} onClick={find}>
          {busy ? tr("under way …") : tr("Distance and bearing")}
        </button>
        <b class="number" role="status">{found}</b>
      </p>
      {fault !== "" && <p class="alarm" role="alert">{fault}</p>}
    </>
  );
}

function Seal({ item }: { item: Item }) {
  return (
    <li>
      {tr("Seal")} <b>{item.seal || item.number}</b> {kindTitle(item.kind)} {item.state !== State.IN_FORCE && <b class="mark">{word(StateSchema, item.state)}</b>}{" "}
      {item.lastDay !== 0 && <span class="number">{tr("until %s", dayText(item.lastDay))}</span>}
    </li>
  );
}

function OpenNotice({ notice: { number, form, state, dueDay, finding } }: { notice: Notice }) {
  return (
    <li>
      {word(NoticeFormSchema, form)} <b>{number}</b> <span class="mark">{word(Notice_StateSchema, state)}</span> {dueDay !== 0 && <span class="number">{tr("until %s", dayText(dueDay))}</span>} {finding}
    </li>
  );
}

export function PremisesBrief({ card, target, isStale }: { card: Card; target: string; isStale: boolean }) {
  const all = filesOf(card);
  all.catchUp();
  const told = all.known.get(target);
  if (told?.entry === undefined) return null;
  const { entry, seals, notices, atMs } = told;
  const place = placeOf(entry);
  const since = entry.statusSinceMs === 0n ? "" : tr("since %s", dayText(dayOfMs(Number(entry.statusSinceMs))));
  return (
    <section class="premises" aria-label={tr("File of the premises")}>
      <p>
        <span class="quiet">{tr("File of the premises")}</span> <b>{word(StatusSchema, entry.status) || tr("none")}</b> <span class="number">{since}</span>{" "}
        {isStale && <span class="quiet">{tr("As of %s.", minute(atMs, card.nowMs()))}</span>}
      </p>
      <ul>
        {seals.map((item) => (
          <Seal key={item.number} item={item} />
        ))}
        {notices.map((notice) => (
          <OpenNotice key={notice.number} notice={notice} />
        ))}
        {seals.length + notices.length === 0 && <li class="quiet">{tr("No seal in force, no notice open.")}</li>}
      </ul>
      {place !== undefined && "geolocation" in navigator && <Way key={target} to={place} />}
    </section>
  );
}
