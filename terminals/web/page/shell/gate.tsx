/** From the key to a page: the way in that all pages have. */
import type { ComponentChild } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { LongTermKey } from "../link/curve";
import type { KeyFile } from "../link/keyfile";
import { forgetTold } from "../link/database";
import { forgetKey, hasCode, hasWebCrypto, hasX25519, keepable, type KeptKey, loadKey, saveKey, sealedIn, unlock } from "../link/keys";
import { Link, loadConnection } from "../link/link";
import { busUrl, webSocketWire } from "../link/wire";
import { Desk } from "../state/desk";
import type { Session } from "../state/session";
import { tr } from "../words";
import { useKeptFocus } from "./focus";
import { forgetActive, isActive, useIdleLock } from "./idle";
import { type Leaving, LeavingContext } from "./leaving";
import { showPage } from "./open";
import { learnOwnWords } from "./own_words";
import { useVersion } from "./version";

/** What a page shows, once a key is there; most pages need the bus for it. */
export interface Behind extends Session {
  /** There is something to show although the bus is not reached. */
  readonly showsOffline?: boolean;
  /** What the bus has told is not kept in this browser any longer. */
  wipe?(): Promise<void>;
  /** What stays in this browser all the same; to be told at the door. */
  readonly remains?: string;
  /** How many acts wait to be sent; while the page is locked nothing is. */
  readonly unsent?: number;
}

type Place<B extends Behind> =
  | { is: "starting" }
  | { is: "door"; why: string; needsCode: boolean }
  | { is: "code"; kept: KeptKey; why: string }
  | { is: "open"; kept: KeptKey; desk: B }
  | { is: "broken"; why: string };

/** A key that is in no list any more may be there again, where the list was put back: what was told to its owner goes, the key stays. */
type Forget = "nothing" | "told" | "key";

/** Makes what is behind the gate, with the link and whose key it is. */
type Make<B extends Behind> = (link: Link, badge: string) => B | Promise<B>;

const LOOK_MS = 250;

async function openWith<B extends Behind>(make: Make<B>, kept: KeptKey, key: LongTermKey): Promise<Place<B>> {
  return { is: "open", kept, desk: await make(new Link(webSocketWire(busUrl()), key, kept.bus), kept.badge) };
}

async function firstPlace<B extends Behind>(make: Make<B>): Promise<Place<B>> {
  if (!hasWebCrypto()) {
    return { is: "broken", why: tr("This page was opened over http from another machine, and has no cryptography there. Open it by https, or on the machine itself.") };
  }
  const kept = await loadKey();
  if (kept === undefined) return { is: "door", why: "", needsCode: !(await hasX25519()) };
  const key = !hasCode(kept) || isActive() ? sealedIn(kept) : undefined;
  // The desk's page leads a lead to his card, which would ask for the code again.
  if (key === undefined && kept.opensCard === true && location.pathname === "/") {
    location.replace(`/lead${location.search}`);
    return { is: "starting" };
  }
  return key === undefined ? { is: "code", kept, why: "" } : openWith(make, kept, key);
}

function refusedText({ badge, openedAt }: KeptKey): string {
  return openedAt !== 0
    ? tr("The key of %s opened the bus before and does not any more: it was revoked or taken from the list.", badge)
    : tr("This machine is not registered: the bus has no such key in its list (%s).", badge);
}

// That the bus has admitted the key once is kept: later it can be said that it was revoked. And what it opens.
function noteOpened({ kept, desk }: { kept: KeptKey; desk: Behind }): void {
  if (desk.self === undefined || (kept.openedAt !== 0 && kept.opensCard === desk.isLead)) return;
  kept.openedAt ||= Date.now();
  kept.opensCard = desk.isLead;
  kept.badge = desk.self.badge;
  void saveKey(kept);
}

/** Looks at what the link says of the key; gives whether the bus is not to be reached. */
function useKeyTrouble<B extends Behind>(place: Place<B>, turnedAway: (why: string, forget: Forget) => void): boolean {
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    setTrouble(false);
    if (place.is !== "open") return;
    const { desk, kept } = place;
    const timer = setInterval(() => {
      noteOpened(place);
      const { state } = desk.link;
      if (state.is === "revoked") return turnedAway(tr("The key was revoked: it opens nothing any more, and was removed from this browser."), "key");
      const isNew = desk.self === undefined;
      // What a page keeps for when there is no signal is not for a key that is not admitted any more.
      const isRefused = state.is === "down" && state.by === "refused" && (isNew || desk.wipe !== undefined);
      if (isRefused) return turnedAway(refusedText(kept), kept.openedAt !== 0 ? "told" : "nothing");
      setTrouble(isNew && state.is === "down" && performance.now() - state.since > 1_000);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [place]);
  return trouble;
}

type Doors = typeof import("./doors");

const QUIET_MS = 3_000; // the page is there by then

/** Fetched when one is needed, and else when the page is there: a break of the link may be the reason for one. */
function useDoors(isNeeded: boolean): Doors | undefined {
  const [doors, setDoors] = useState<Doors>();
  useEffect(() => {
    if (doors !== undefined) return;
    const timer = setTimeout(() => void import("./doors").then(setDoors, () => undefined), isNeeded ? 0 : QUIET_MS);
    return () => clearTimeout(timer);
  }, [isNeeded]);
  return doors;
}

function Broken({ why }: { why: string }) {
  return <main class="door"><p class="alarm" role="alert">{why}</p></main>;
}

interface GateProps<B extends Behind> {
  title: string;
  first: Promise<Place<B>>;
  make: Make<B>;
  locks: boolean;
  show(desk: B): ComponentChild;
}

function Gate<B extends Behind>({ title, first, make, locks, show }: GateProps<B>) {
  const [place, setPlace] = useState<Place<B>>({ is: "starting" });
  useLayoutEffect(() => {
    first.then(setPlace, (error: unknown) => setPlace({ is: "broken", why: String(error) }));
  }, []);
  const leave = async (why: string, forget: Forget): Promise<void> => {
    const desk = place.is === "open" ? place.desk : undefined;
    desk?.stop();
    if (forget !== "nothing") await desk?.wipe?.();
    if (forget === "key") await forgetKey();
    if (forget === "told") await forgetTold();
    setPlace({ is: "door", why: [why, desk?.remains ?? ""].filter(Boolean).join(" "), needsCode: !(await hasX25519()) });
  };
  const lock = (why: string): void => {
    if (place.is !== "open") return;
    place.desk.stop(); // nothing that was told is in the page any more, nor comes in
    forgetActive();
    document.title = `${tr("Lianqin")} · ${title}`; // without a count
    const { unsent = 0 } = place.desk;
    const waits = unsent === 0 ? "" : tr("%d acts are kept here and not sent yet: they go out once the code is typed.", unsent);
    setPlace({ is: "code", kept: place.kept, why: [why, waits].filter(Boolean).join(" ") });
  };
  const opensByCode = place.is === "open" && hasCode(place.kept);
  useIdleLock(locks && opensByCode ? place.desk : undefined, () => {
    lock(tr("Locked, since nobody has touched it or the shift is over. Until the code is typed nothing is received, and no order rings."));
  });
  const leaving = useMemo<Leaving>(
    () => ({
      lock: opensByCode ? () => lock(tr("Locked. Until the code is typed nothing is received, and no order rings.")) : undefined,
      remove: () => void leave("", "key"),
    }),
    [place],
  );
  useKeptFocus();
  useVersion(place.is === "open" ? place.desk : undefined);
  const isUnreachable = useKeyTrouble(place, (why, forget) => void leave(why, forget));
  const isShut = place.is === "open" && isUnreachable && place.desk.showsOffline !== true;
  const doors = useDoors(isShut || place.is === "door" || place.is === "code");
  const keep = async (file: KeyFile, code: string | undefined): Promise<void> => {
    const kept = await keepable(file, code);
    await saveKey(kept);
    void navigator.storage?.persist?.();
    const key = await unlock(kept, code);
    if (key !== undefined) setPlace(await openWith(make, kept, key));
  };
  const openByCode = async (kept: KeptKey, code: string): Promise<boolean> => {
    const key = await unlock(kept, code);
    if (key !== undefined) setPlace(await openWith(make, kept, key));
    return key !== undefined;
  };
  if (place.is === "starting") return null;
  if (place.is === "broken") return <Broken why={place.why} />;
  if (place.is === "open" && !isShut) return <LeavingContext.Provider value={leaving}>{show(place.desk)}</LeavingContext.Provider>;
  if (doors === undefined) return place.is === "open" || place.why === "" ? null : <Broken why={place.why} />;
  if (place.is === "door") return <doors.Door title={title} why={place.why} needsCode={place.needsCode} keep={keep} />;
  if (place.is === "code") return <doors.CodeDoor title={title} badge={place.kept.badge} why={place.why} forget={() => void leave("", "key")} open={(code) => openByCode(place.kept, code)} />;
  return <doors.NotTheBus title={title} badge={place.kept.badge} remove={() => void leave("", "key")} />;
}

/** Shows a page once there is a key. `title` is marked by TR. `locks`: the code is asked for again when nobody is there. */
export function openGate<B extends Behind>(title: string, make: Make<B>, show: (desk: B) => ComponentChild, locks = true): void {
  // A file that is dropped beside the field would be shown instead of the page.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
  void loadConnection().catch(() => undefined); // it is asked for again by the link
  // What is kept is read while the page is drawn for the first time.
  showPage(title, (inWords) => {
    void learnOwnWords().catch(() => undefined); // without a signal; in English none are needed
    return <Gate title={inWords} first={firstPlace(make)} make={make} show={show} locks={locks} />;
  });
}

/** The same for a page that shows what the desk has. */
export function openPage(title: string, show: (desk: Desk) => ComponentChild, locks = true): void {
  openGate(title, (link) => new Desk(link), show, locks);
}
