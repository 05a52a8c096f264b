/** What a lead can do beside the next step; each opens a form. */
import { tr } from "../words";
import type { LeadForm } from "./forms";

interface OtherProps {
  mayDecline: boolean;
  isThere: boolean; // on scene, or further
  open(form: LeadForm["is"]): void;
}

export function OtherButtons({ mayDecline, isThere, open }: OtherProps) {
  const button = (form: LeadForm["is"], text: string) => (
    <button type="button" class="other" onClick={() => open(form)}>
      {text}
    </button>
  );
  return (
    <p class="buttons">
      {mayDecline && button("decline", tr("Decline"))}
      {button("help", tr("Call for help"))}
      {button("crew", tr("Crew"))}
      {isThere && button("item", tr("Seizure"))}
      {isThere && button("notice", tr("Correction notice"))}
      {isThere && button("photograph", tr("Photograph"))}
    </p>
  );
}
