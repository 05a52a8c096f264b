/** 设备登记: from the link of lq key pair to a key of this device's own. */
import { useEffect, useState } from "preact/hooks";
import type { Self } from "../gen/envelope_pb";
import type { Waiting } from "../gen/pair_pb";
import type { LongTermKey } from "../link/curve";
import { dropPending, hasWebCrypto, type KeptKey, loadKey, loadPending, makeKey, saveKey, savePending, unlock } from "../link/keys";
import { equal } from "../link/bytes";
import type { LinkState } from "../link/link";
import { busUrl, webSocketWire } from "../link/wire";
import { CodeDoor, Heading, NewCode } from "../shell/door";
import { noteActive } from "../shell/idle";
import { length } from "../shell/time";
import { opensCard } from "../state/session";
import { tr } from "../words";
import { pairNumber, type PairLink, PairLinkFault, readPairLink } from "./link";
import { type Ended, enroll } from "./pairing";

type Place =
  | { is: "starting" }
  | { is: "broken"; why: string }
  | { is: "start"; link: PairLink; replaces: string }
  | { is: "resume"; link: PairLink; kept: KeptKey }
  | { is: "asking"; number: string; waiting: Waiting | undefined; until: number; trouble: string }
  | { is: "ended"; ended: Ended };

const OPEN_AFTER_MS = 1_500;

async function firstPlace(): Promise<Place> {
  if (!hasWebCrypto()) return { is: "broken", why: tr("This page was opened over http from another machine, and has no cryptography there. Open it by https, or on the machine itself.") };
  const link = await readPairLink(location.hash);
  const pending = await loadPending();
  if (pending !== undefined && equal(pending.oneTime, link.oneTime.publicKey)) return { is: "resume", link, kept: pending.kept };
  return { is: "start", link, replaces: (await loadKey())?.badge ?? "" };
}

function troubleText(state: LinkState, nobodyAnswers: boolean): string {
  if (nobodyAnswers) return tr("Nobody answers for the link: does lq key pair still run?");
  if (state.is === "down" && state.by === "not-the-bus") return tr("What answers here is not the bus that the link is of, or the bus is down. It is tried again.");
  return state.is === "open" ? "" : tr("The bus cannot be reached. It is tried again.");
}

/** Keeps the key once it opens the bus; forgets it, and that there was one, if it does not. */
async function settle(kept: KeptKey, ended: Ended): Promise<void> {
  if (ended.is === "registered") {
    await saveKey({ ...kept, badge: ended.self.badge, openedAt: Date.now(), opensCard: opensCard(ended.self) });
    void navigator.storage?.persist?.();
    noteActive();
  }
  await dropPending();
  history.replaceState(null, "", location.pathname + location.search); // the link is spent
}

function Start({ replaces, take, fail }: { replaces: string; take(code: string): Promise<void>; fail(text: string): void }) {
  return (
    <>
      <p>{tr("This device makes a key of its own, which never leaves it. It then shows a number; who administers the bus compares it with his own, and lets the key in.")}</p>
      {replaces !== "" && <p class="notice">{tr("This browser has the key of %s. The new one will take its place.", replaces)}</p>}
      <NewCode
        text={tr("Choose a code of six digits. The page asks for it when it has been left alone for ten minutes, and when it is opened again.")}
        button={tr("Make the key")}
        take={take}
        fail={fail}
      />
    </>
  );
}

function Asking({ number, waiting, until, trouble }: Extract<Place, { is: "asking" }>) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      {waiting !== undefined && <h2>{tr("%s %s, on %s", waiting.badge, waiting.name, waiting.device)}</h2>}
      <p>{tr("Compare this number with the one at the administrator's, digit by digit:")}</p>
      <output class="pair-number number">{number}</output>
      {waiting !== undefined && <p role="status">{tr("Waiting to be confirmed there: %s left.", length(Math.max(0, until - performance.now())))}</p>}
      {trouble !== "" && <p class="alarm" role="alert">{trouble}</p>}
      <p class="quiet">{tr("Leave this page open until then.")}</p>
    </>
  );
}

/** Where the device goes on: the card for a lead, so that a code is asked for once. */
function faceOf(self: Self): string {
  return `${opensCard(self) ? "/lead" : "/"}${location.search}`;
}

function End({ ended }: { ended: Ended }) {
  const again = tr("Nothing was kept on this device. For another link: lq key pair.");
  useEffect(() => {
    if (ended.is !== "registered") return;
    const timer = setTimeout(() => location.replace(faceOf(ended.self)), OPEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [ended]);
  if (ended.is === "registered") return <p role="status">{tr("This device is registered: it opens as %s.", ended.self.badge)} <a href={faceOf(ended.self)}>{tr("Go on")}</a></p>;
  const why = ended.is === "refused" ? tr("Another device has used this link. If it was not yours, tell the administrator.") : tr("This device is not registered: it was not confirmed, or the link was used before, or its ten minutes are over.");
  return <p class="alarm" role="alert">{why} {again}</p>;
}

export function PairPage({ title }: { title: string }) {
  const [place, setPlace] = useState<Place>({ is: "starting" });
  const [fault, setFault] = useState("");
  const fail = (error: unknown): void => setPlace({ is: "broken", why: error instanceof PairLinkFault ? `${error.message} ${tr("Scan the code again, or copy the whole link.")} ${tr("Nothing was kept.")}` : String(error) });
  useEffect(() => {
    firstPlace().then(setPlace, fail);
    addEventListener("hashchange", () => location.reload()); // another link, scanned into this page
  }, []);
  const register = async (link: PairLink, kept: KeptKey, key: LongTermKey): Promise<void> => {
    const number = await pairNumber(link.oneTime.publicKey, kept.publicKey);
    let asking: Extract<Place, { is: "asking" }> = { is: "asking", number, waiting: undefined, until: 0, trouble: "" };
    const show = (changed: Partial<typeof asking>): void => setPlace((asking = { ...asking, ...changed }));
    show({});
    const ended = await enroll(webSocketWire(busUrl()), link, key, {
      waiting: (waiting) => show({ waiting, until: performance.now() + Number(waiting.leftMs), trouble: "" }),
      trouble: (state, nobodyAnswers) => show({ trouble: troubleText(state, nobodyAnswers) }),
    });
    await settle(kept, ended);
    setPlace({ is: "ended", ended });
  };
  const make = async (link: PairLink, code: string): Promise<void> => {
    const { kept, key } = await makeKey(link.bus, code);
    await savePending({ oneTime: link.oneTime.publicKey, kept });
    register(link, kept, key).catch(fail);
  };
  const resume = async (link: PairLink, kept: KeptKey, code: string): Promise<boolean> => {
    const key = await unlock(kept, code);
    if (key !== undefined) register(link, kept, key).catch(fail);
    return key !== undefined;
  };
  const startAnew = async (): Promise<void> => {
    await dropPending();
    location.reload();
  };
  if (place.is === "resume") return <CodeDoor title={title} badge={tr("The registration goes on where it was.")} open={(code) => resume(place.link, place.kept, code)} forget={() => void startAnew()} />;
  return (
    <main class="door">
      <Heading title={title} />
      {place.is === "broken" && <p class="alarm" role="alert">{place.why}</p>}
      {place.is === "start" && <Start replaces={place.replaces} take={(code) => make(place.link, code)} fail={setFault} />}
      {place.is === "start" && fault !== "" && <p class="alarm" role="alert">{fault}</p>}
      {place.is === "asking" && <Asking {...place} />}
      {place.is === "ended" && <End ended={place.ended} />}
    </main>
  );
}
