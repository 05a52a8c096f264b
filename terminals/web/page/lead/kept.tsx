/** What is kept in this browser: acts that wait to be sent, and those that were not accepted, with why. */
import { useState } from "preact/hooks";
import type { Entry } from "../link/outbox";
import { Dialog, type Ended } from "../shell/dialog";
import { minute } from "../shell/time";
import { told } from "../shell/told";
import type { Card } from "../state/card";
import { tr } from "../words";

// What was not possible as things stood; the same act again would say the same.
const FINAL = ["STEP_OUT_OF_ORDER", "ORDER_CANCELLED", "DECLINED", "WITHDRAWN", "ORDER_UNKNOWN", "TEAM_NOT_ADDRESSED", "NOTICE_KNOWN", "DUE_BEFORE_ISSUE", "ATTACHED_ALREADY"];

function Failed({ card, entry }: { card: Card; entry: Entry }) {
  const { outbox } = card;
  const { code = "", text = "", sentence = [] } = entry.verdict ?? {};
  return (
    <li>
      <p>
        <b>{entry.title}</b> <span class="number">{minute(entry.atMs, card.nowMs())}</span> {tr("was not accepted:")} {told(text, sentence)} {code !== "" && `(${code})`}
      </p>
      <p class="buttons">
        <button type="button" onClick={() => void outbox.drop(entry)}>
          {tr("Understood")}
        </button>
        {!FINAL.includes(code) && entry.awaits === undefined && (
          <button type="button" class="other" onClick={() => void outbox.offerAgain(entry)}>
            {tr("Send it again")}
          </button>
        )}
      </p>
    </li>
  );
}

/** They stay until a person has dealt with them. */
function FailedActs({ card }: { card: Card }) {
  if (card.outbox.failed.length === 0) return null;
  return (
    <section class="failed" role="alert">
      <ul>
        {card.outbox.failed.map((entry) => (
          <Failed key={entry.number} card={card} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

/** Of a photograph; `bytes` of it are there, undefined: it is not on its way. */
function Progress({ size, bytes }: { size: number; bytes: number | undefined }) {
  const kib = (n: number): number => Math.ceil(n / 1024);
  return <span class="quiet number">{bytes === undefined ? tr("%d KiB", kib(size)) : tr("%d of %d KiB are there", kib(bytes), kib(size))}</span>;
}

/** Asks whether a photograph that waits is to go; once its act was sent it may be a record, and stays. */
function GiveUpForm({ card, entry, close }: { card: Card; entry: Entry; close(): void }) {
  const act = async (): Promise<Ended> => {
    if (await card.outbox.giveUp(entry)) return { is: "kept" };
    return { is: "refused", text: tr("It is being recorded already, and cannot be given up any more."), sentence: [] };
  };
  return (
    <Dialog title={tr("Give up %s", entry.title)} submit={tr("Give it up")} close={close} act={act}>
      <p>{tr("The photograph is removed from this card, and is not sent. It is not recorded anywhere.")}</p>
    </Dialog>
  );
}

/** All that waits; photographs go behind the others. */
function WaitingActs({ card }: { card: Card }) {
  const { waiting, waitsFor, uploading } = card.outbox;
  const [givenUp, giveUp] = useState<Entry>();
  return (
    <section class="waiting-acts" id="waiting-acts">
      <ol class="kept">
        {waiting.map((entry) => (
          <li key={entry.number}>
            <b>{entry.title}</b> <span class="number">{minute(entry.atMs, card.nowMs())}</span>{" "}
            {!entry.isMeasured && <span class="quiet">{tr("by this device's clock")}</span>}
            {entry.photograph !== undefined && <Progress size={entry.photograph.blob.size} bytes={uploading?.number === entry.number ? uploading.bytes : undefined} />}{" "}
            {entry.photograph !== undefined && !entry.isTried && (
              <button type="button" class="other small" onClick={() => giveUp(entry)}>
                {tr("Give up …")}
              </button>
            )}
          </li>
        ))}
      </ol>
      {waiting.length === 0 && <p class="quiet">{tr("Everything has been sent.")}</p>}
      {waitsFor !== undefined && <p>{told(waitsFor.text, waitsFor.sentence)}</p>}
      {givenUp !== undefined && <GiveUpForm card={card} entry={givenUp} close={() => giveUp(undefined)} />}
    </section>
  );
}

/** Of whom else acts are kept here; they go out when his key is brought. */
function OthersActs({ card }: { card: Card }) {
  return (
    <>
      {[...card.outbox.others].map(([badge, count]) => (
        <p key={badge} class="banner notice">
          {tr("%d acts of %s are kept here and were not sent: they go out when a key of that badge is brought to this browser.", count, badge)}
        </p>
      ))}
    </>
  );
}

export function KeptActs({ card, isListed }: { card: Card; isListed: boolean }) {
  return (
    <>
      <OthersActs card={card} />
      {isListed && <WaitingActs card={card} />}
      <FailedActs card={card} />
    </>
  );
}
