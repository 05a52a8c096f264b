/** For whom something is entered, where whoever enters it may not do it in his own name. */
import { tr } from "../words";
import { Badge } from "./badge";

interface BehalfProps {
  people: readonly [badge: string, name: string][];
  onBehalfOf: string;
  reason: string;
  change(onBehalfOf: string, reason: string): void;
}

export function BehalfFields({ people, onBehalfOf, reason, change }: BehalfProps) {
  return (
    <>
      <Badge title={tr("Entered for")} name="behalf" people={people} value={onBehalfOf} change={(badge) => change(badge, reason)} />
      <label>
        {tr("Reason")}{" "}
        <input name="reason" autocomplete="off" maxLength={200} value={reason} onInput={(event) => change(onBehalfOf, event.currentTarget.value)} />
      </label>
    </>
  );
}
