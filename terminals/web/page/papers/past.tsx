/** A paper that was issued on paper already and is entered later (补录): when that was, and which number it has there. */
import { Role } from "../gen/envelope_pb";
import type { Desk } from "../state/desk";
import type { Issuing } from "../state/issuing";
import { tr } from "../words";

/** The number is for a clerk alone: to others the service gives the next one. */
export function PastFields({ desk, issuing }: { desk: Desk; issuing: Issuing }) {
  const { past } = issuing;
  const isSaid = past.at !== "" || past.number !== "";
  return (
    <details class="past" open={isSaid}>
      <summary>{tr("It was issued on paper already")}</summary>
      <label>
        {tr("When it was issued (empty: now)")}{" "}
        <input
          type="datetime-local" name="at" value={past.at} aria-invalid={issuing.fault.is === "time"}
          onInput={(event) => issuing.setPast({ ...past, at: event.currentTarget.value })} onBlur={() => void issuing.lookAtThen()}
        />
      </label>
      {desk.can(Role.CLERK) && (
        <label>
          {tr("Its number on paper")}{" "}
          <input
            name="paper" autocomplete="off" maxLength={64} value={past.number} placeholder={tr("empty: the next number")}
            onInput={(event) => issuing.setPast({ ...past, number: event.currentTarget.value })}
          />
        </label>
      )}
    </details>
  );
}
