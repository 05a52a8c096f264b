/** Police cases and those suspected in them: names for who may read them, and that he has read them is recorded. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type Case, CaseStepSchema, type Suspect, SuspectStepSchema } from "../gen/casefile_pb";
import type { Entered } from "../gen/rules_pb";
import { nameOnly, person } from "../shell/names";
import type { Cases } from "../state/cases";
import type { Desk } from "../state/desk";
import { instant } from "../state/periods";
import { tr, word } from "../words";

function at(ms: bigint): string {
  return ms === 0n ? "" : instant(Number(ms));
}

function record(entered: Entered | undefined): string {
  return entered === undefined || entered.record === 0n ? "" : `casefile#${entered.record}`;
}

function By({ desk, entered }: { desk: Desk; entered: Entered | undefined }) {
  if (entered === undefined) return null;
  const actor = person(desk, entered.actor);
  return (
    <span class="quiet">
      {entered.onBehalfOf === "" ? actor : tr("%s for %s", actor, nameOnly(desk, entered.onBehalfOf))} {record(entered)}
    </span>
  );
}

function SuspectRow({ desk, suspect }: { desk: Desk; suspect: Suspect }) {
  const isWithheld = suspect.withheld.includes("name");
  return (
    <li>
      <b>{suspect.number}</b>{" "}
      <span class={isWithheld ? "withheld" : "name"}>{isWithheld ? tr("name not public") : suspect.name || tr("name not known")}</span>{" "}
      <span class="state">{word(SuspectStepSchema, suspect.step)}</span> <By desk={desk} entered={suspect.entered} />
      <ol>
        {suspect.history.map((taken) => (
          <li key={`${taken.step} ${taken.atMs}`}>
            <span class="number">{at(taken.atMs)}</span> {word(SuspectStepSchema, taken.step)} <By desk={desk} entered={taken.entered} />
          </li>
        ))}
      </ol>
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  if (value === "") return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function CaseDialog({ desk, cases }: { desk: Desk; cases: Cases }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const row = cases.file?.caseRow;
  const suspects = cases.file?.suspects ?? [];
  const close = (): void => cases.open("");
  return (
    <dialog ref={dialog} class="case" onClose={close} aria-labelledby="case-title">
      <header>
        <h2 id="case-title">{tr("Case %s", cases.opened)}</h2>
        <button type="button" class="plain" onClick={() => dialog.current?.close()}>
          {tr("Close")} <kbd>Esc</kbd>
        </button>
      </header>
      {row === undefined ? (
        <p class="quiet">{tr("The case is being asked for …")}</p>
      ) : (
        <>
          <dl>
            <Fact name={tr("Step")} value={word(CaseStepSchema, row.step)} />
            <Fact name={tr("Offence")} value={row.offence} />
            <Fact name={tr("Premises")} value={[row.target, row.township].filter(Boolean).join(" ")} />
            <Fact name={tr("Order")} value={row.order} />
            <Fact name={tr("Handed over")} value={at(row.openedAtMs)} />
            <Fact name={tr("Filed")} value={at(row.filedAtMs)} />
            <Fact name={tr("Solved")} value={at(row.solvedAtMs)} />
            <Fact name={tr("Officers")} value={row.officers.map((one) => person(desk, one)).join("、")} />
            <Fact name={tr("Record")} value={record(row.entered)} />
          </dl>
          <h3>
            {tr("Suspects")} <span class="count">{suspects.length}</span>
          </h3>
          {suspects.length === 0 && <p class="empty">{tr("No suspect is recorded.")}</p>}
          <ul class="suspects">
            {suspects.map((suspect) => (
              <SuspectRow key={suspect.number} desk={desk} suspect={suspect} />
            ))}
          </ul>
          {suspects.some((one) => !one.withheld.includes("name")) && <p class="quiet">{tr("That these names were told to you is recorded.")}</p>}
        </>
      )}
    </dialog>
  );
}

function CaseRow({ one, open }: { one: Case; open(): void }) {
  return (
    <tr>
      <th scope="row">
        <button type="button" class="plain" onClick={open}>
          {one.number}
        </button>
      </th>
      <td>{word(CaseStepSchema, one.step)}</td>
      <td>{one.offence}</td>
      <td>{[one.target, one.township].filter(Boolean).join(" ")}</td>
      <td class="number">{at(one.filedAtMs)}</td>
      <td class="number">{at(one.solvedAtMs)}</td>
    </tr>
  );
}

export function CasesPane({ desk, cases }: { desk: Desk; cases: Cases }) {
  const [isUnsolvedOnly, setUnsolvedOnly] = useState(false);
  const all = cases.list ?? [];
  const shown = [...(isUnsolvedOnly ? all.filter((one) => one.solvedAtMs === 0n) : all)].reverse(); // the latest first
  return (
    <section class="pane cases" aria-labelledby="cases-title">
      <h2 id="cases-title">
        {tr("Police cases")} <span class="count">{tr("%d, %d unsolved", all.length, all.filter((one) => one.solvedAtMs === 0n).length)}</span>
        <label class="only">
          <input type="checkbox" checked={isUnsolvedOnly} onChange={(event) => setUnsolvedOnly(event.currentTarget.checked)} /> {tr("only unsolved")}
        </label>
      </h2>
      {cases.list === undefined && <p class="empty">{tr("The cases are being asked for …")}</p>}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="cases-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{tr("Case")}</th>
              <th scope="col">{tr("Step")}</th>
              <th scope="col">{tr("Offence")}</th>
              <th scope="col">{tr("Premises")}</th>
              <th scope="col">{tr("Filed")}</th>
              <th scope="col">{tr("Solved")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <CaseRow key={one.number} one={one} open={() => cases.open(one.number)} />
            ))}
          </tbody>
        </table>
      </div>
      {cases.opened !== "" && <CaseDialog key={cases.opened} desk={desk} cases={cases} />}
    </section>
  );
}
