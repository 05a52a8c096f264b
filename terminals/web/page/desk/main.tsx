/** The desk's page: from the key to the board. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LongTermKey } from "../link/curve";
import type { KeyFile } from "../link/keyfile";
import { forgetKey, hasWebCrypto, hasX25519, keepable, type KeptKey, loadKey, saveKey, unlock } from "../link/keys";
import { Link } from "../link/link";
import { webSocketWire } from "../link/wire";
import { Desk } from "../state/desk";
import { speak, tr } from "../words";
import { Board } from "./board";
import { CodeDoor, Door, NotTheBus } from "./door";
import "./desk.css";

type Place =
  | { is: "starting" }
  | { is: "door"; why: string; needsCode: boolean }
  | { is: "code"; kept: KeptKey }
  | { is: "board"; kept: KeptKey; desk: Desk }
  | { is: "broken"; why: string };

function busUrl(): string {
  const url = new URL("/bus", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function openDesk(kept: KeptKey, key: LongTermKey): Place {
  return { is: "board", kept, desk: new Desk(new Link(webSocketWire(busUrl()), key, kept.bus)) };
}

async function firstPlace(): Promise<Place> {
  if (!hasWebCrypto()) {
    return { is: "broken", why: tr("This page was opened over http from another machine, and has no cryptography there. Open it by https, or on the machine itself.") };
  }
  const kept = await loadKey();
  if (kept === undefined) return { is: "door", why: "", needsCode: !(await hasX25519()) };
  if (kept.secret.is === "under-code") return { is: "code", kept };
  const key = await unlock(kept);
  return key === undefined ? { is: "door", why: "", needsCode: false } : openDesk(kept, key);
}

/** What the link says of the key, while it has not opened, and when it is revoked. */
function useKeyTrouble(place: Place, turnedAway: (why: string, forget: boolean) => void): "" | "not-the-bus" {
  const [trouble, setTrouble] = useState<"" | "not-the-bus">("");
  const desk = place.is === "board" ? place.desk : undefined;
  useEffect(() => {
    if (desk === undefined) return setTrouble("");
    const timer = setInterval(() => {
      const { state } = desk.link;
      if (state.is === "revoked") return turnedAway(tr("The key was revoked: it opens nothing any more, and was removed from this browser."), true);
      const never = desk.self === undefined;
      if (state.is === "down" && state.by === "refused" && never) turnedAway("", false);
      setTrouble(never && state.is === "down" && performance.now() - state.since > 1_000 ? "not-the-bus" : "");
    }, 250);
    return () => clearInterval(timer);
  }, [desk]);
  return trouble;
}

function Page() {
  const [place, setPlace] = useState<Place>({ is: "starting" });
  useEffect(() => {
    firstPlace().then(setPlace, (error: unknown) => setPlace({ is: "broken", why: String(error) }));
  }, []);
  const leave = async (why: string, forget: boolean): Promise<void> => {
    if (place.is === "board") place.desk.stop();
    if (forget) await forgetKey();
    setPlace({ is: "door", why, needsCode: !(await hasX25519()) });
  };
  const trouble = useKeyTrouble(place, (why, forget) => {
    const badge = place.is === "board" ? place.kept.badge : "";
    const opened = place.is === "board" && place.kept.openedAt !== 0;
    const refused = opened
      ? tr("The key of %s opened the bus before and does not any more: it was revoked or taken from the list.", badge)
      : tr("This machine is not registered: the bus has no such key in its list (%s).", badge);
    void leave(why || refused, forget);
  });
  useOpened(place);
  const keep = async (file: KeyFile, code: string | undefined): Promise<void> => {
    const kept = await keepable(file, code);
    await saveKey(kept);
    void navigator.storage?.persist?.();
    const key = await unlock(kept, code);
    if (key !== undefined) setPlace(openDesk(kept, key));
  };
  switch (place.is) {
    case "starting":
      return null;
    case "broken":
      return <main class="door"><p class="alarm" role="alert">{place.why}</p></main>;
    case "door":
      return <Door why={place.why} needsCode={place.needsCode} keep={keep} />;
    case "code":
      return (
        <CodeDoor
          badge={place.kept.badge}
          forget={() => void leave("", true)}
          open={async (code) => {
            const key = await unlock(place.kept, code);
            if (key !== undefined) setPlace(openDesk(place.kept, key));
            return key !== undefined;
          }}
        />
      );
    case "board":
      if (trouble !== "") return <NotTheBus badge={place.kept.badge} remove={() => void leave("", true)} />;
      return <Board desk={place.desk} />;
  }
}

// That the bus has admitted the key once is kept: later it can be said that it was revoked.
function useOpened(place: Place): void {
  useEffect(() => {
    if (place.is !== "board" || place.kept.openedAt !== 0) return;
    const timer = setInterval(() => {
      const { self } = place.desk;
      if (self === undefined) return;
      clearInterval(timer);
      place.kept.openedAt = Date.now();
      place.kept.badge = self.badge;
      void saveKey(place.kept);
    }, 500);
    return () => clearInterval(timer);
  }, [place]);
}

// A file that is dropped beside the field would be shown instead of the page.
for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
const english = new URLSearchParams(location.search).get("lang") === "en";
speak(english ? "en" : "zh");
document.documentElement.lang = english ? "en" : "zh-CN";
document.title = `${tr("Lianqin")} · ${tr("Desk")}`;
const root = document.getElementById("page");
if (root !== null) render(<Page />, root);
