/** What a page has to tell of the services and the bus's clock, in the person's words. */
import { staleMs } from "./fresh";
import { length } from "./time";
import type { Session } from "../state/session";
import { told } from "./told";
import { service, tr } from "../words";

export function troubles(desk: Session): string[] {
  // That nothing comes at all the head says; whom it was asked of is no news then.
  const isCut = staleMs(desk) > 0;
  const refused = [...desk.link.troubles].filter(([, said]) => said !== "silent" || !isCut).map(([name, said]) =>
    said === "silent" ? tr("%s does not answer; what it tells may be old.", service(name)) : `${service(name)}: ${told(said.text, said.sentence)}`,
  );
  const failures = [...desk.failures].map(([name, text]) => `${service(name)}: ${text}`);
  const leap = Number(desk.self?.clockLeapMs ?? 0n);
  const leapt = leap === 0 ? [] : [tr("The bus's clock has leapt by %s: what happens now is not dated right.", length(Math.abs(leap)))];
  return [...leapt, ...refused, ...failures];
}
