/** From the key to a page: the way in that all pages have. */
import { type ComponentChild, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CodeDoor, Door, NotTheBus } from "./door";
import type { LongTermKey } from "../link/curve";
import type { KeyFile } from "../link/keyfile";
import { forgetKey, hasWebCrypto, hasX25519, keepable, type KeptKey, loadKey, saveKey, unlock } from "../link/keys";
import { Link } from "../link/link";
import { webSocketWire } from "../link/wire";
import { Desk } from "../state/desk";
import type { Session } from "../state/session";
import { speak, tr } from "../words";

/** What a page shows, once a key is there; most pages need the bus for it. */
export interface Behind extends Session {
  /** There is something to show although the bus is not reached. */
  readonly showsOffline?: boolean;
  /** The key opens nothing any more: what the bus has told is not kept any longer. */
  wipe?(): Promise<void>;
  /** What stays in this browser all the same; to be told at the door. */
  readonly remains?: string;
}

type Place<B extends Behind> =
  | { is: "starting" }
  | { is: "door"; why: string; needsCode: boolean }
  | { is: "code"; kept: KeptKey }
  | { is: "open"; kept: KeptKey; desk: B }
  | { is: "broken"; why: string };

/** Makes what is behind the gate, with the link and whose key it is. */
type Make<B extends Behind> = (link: Link, badge: string) => B | Promise<B>;

const LOOK_MS = 250;

function busUrl(): string {
  const url = new URL("/bus", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

async function openWith<B extends Behind>(make: Make<B>, kept: KeptKey, key: LongTermKey): Promise<Place<B>> {
  return { is: "open", kept, desk: await make(new Link(webSocketWire(busUrl()), key, kept.bus), kept.badge) };
}

async function firstPlace<B extends Behind>(make: Make<B>): Promise<Place<B>> {
  if (!hasWebCrypto()) {
    return { is: "broken", why: tr("This page was opened over http from another machine, and has no cryptography there. Open it by https, or on the machine itself.") };
  }
  const kept = await loadKey();
  if (kept === undefined) return { is: "door", why: "", needsCode: !(await hasX25519()) };
  if (kept.secret.is === "under-code") return { is: "code", kept };
  const key = await unlock(kept);
  return key === undefined ? { is: "door", why: "", needsCode: false } : openWith(make, kept, key);
}

function refusedText({ badge, openedAt }: KeptKey): string {
  return openedAt !== 0
    ? tr("The key of %s opened the bus before and does not any more: it was revoked or taken from the list.", badge)
    : tr("This machine is not registered: the bus has no such key in its list (%s).", badge);
}

// That the bus has admitted the key once is kept: later it can be said that it was revoked.
function noteOpened({ kept, desk }: { kept: KeptKey; desk: Session }): void {
  if (kept.openedAt !== 0 || desk.self === undefined) return;
  kept.openedAt = Date.now();
  kept.badge = desk.self.badge;
  void saveKey(kept);
}

/** Looks at what the link says of the key; gives whether the bus is not to be reached. */
function useKeyTrouble<B extends Behind>(place: Place<B>, turnedAway: (why: string, forget: boolean) => void): boolean {
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    setTrouble(false);
    if (place.is !== "open") return;
    const { desk, kept } = place;
    const timer = setInterval(() => {
      noteOpened(place);
      const { state } = desk.link;
      if (state.is === "revoked") return turnedAway(tr("The key was revoked: it opens nothing any more, and was removed from this browser."), true);
      const isNew = desk.self === undefined;
      // What a page keeps for when there is no signal is not for a key that is not admitted any more.
      if (state.is === "down" && state.by === "refused" && (isNew || desk.wipe !== undefined)) return turnedAway(refusedText(kept), false);
      setTrouble(isNew && state.is === "down" && performance.now() - state.since > 1_000);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [place]);
  return trouble;
}

interface GateProps<B extends Behind> {
  title: string;
  make: Make<B>;
  show(desk: B): ComponentChild;
}

function Gate<B extends Behind>({ title, make, show }: GateProps<B>) {
  const [place, setPlace] = useState<Place<B>>({ is: "starting" });
  useEffect(() => {
    firstPlace(make).then(setPlace, (error: unknown) => setPlace({ is: "broken", why: String(error) }));
  }, []);
  const leave = async (why: string, forget: boolean): Promise<void> => {
    if (place.is === "open") {
      place.desk.stop();
      await place.desk.wipe?.();
    }
    if (forget) await forgetKey();
    const remains = place.is === "open" ? (place.desk.remains ?? "") : "";
    setPlace({ is: "door", why: [why, remains].filter(Boolean).join(" "), needsCode: !(await hasX25519()) });
  };
  const isUnreachable = useKeyTrouble(place, (why, forget) => void leave(why, forget));
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
  switch (place.is) {
    case "starting":
      return null;
    case "broken":
      return <main class="door"><p class="alarm" role="alert">{place.why}</p></main>;
    case "door":
      return <Door title={title} why={place.why} needsCode={place.needsCode} keep={keep} />;
    case "code":
      return <CodeDoor title={title} badge={place.kept.badge} forget={() => void leave("", true)} open={(code) => openByCode(place.kept, code)} />;
    case "open":
      if (isUnreachable && place.desk.showsOffline !== true) return <NotTheBus title={title} badge={place.kept.badge} remove={() => void leave("", true)} />;
      return <>{show(place.desk)}</>;
  }
}

/** Shows a page, in the language that its address asks for, once there is a key. `title` is marked by TR. */
export function openGate<B extends Behind>(title: string, make: Make<B>, show: (desk: B) => ComponentChild): void {
  // A file that is dropped beside the field would be shown instead of the page.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
  const isEnglish = new URLSearchParams(location.search).get("lang") === "en";
  speak(isEnglish ? "en" : "zh");
  document.documentElement.lang = isEnglish ? "en" : "zh-CN";
  const inWords = tr(title);
  document.title = `${tr("Lianqin")} · ${inWords}`;
  const root = document.getElementById("page");
  if (root !== null) render(<Gate title={inWords} make={make} show={show} />, root);
}

/** The same for a page that shows what the desk has. */
export function openPage(title: string, show: (desk: Desk) => ComponentChild): void {
  openGate(title, (link) => new Desk(link), show);
}
