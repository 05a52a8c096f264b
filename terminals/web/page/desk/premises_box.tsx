/** The field for premises: found by number, by name, or by the initials of its pinyin. */
import { useState } from "preact/hooks";
import type { Entry } from "../gen/ledger_pb";
import type { Places } from "../state/places";
import { tr } from "../words";
import { ChoiceList, choiceId, step } from "./choices";
import type { Choice } from "./line";

const SHOWN_MOST = 8;

export function premisesChoice({ premises }: Entry): Choice {
  return { text: premises?.number ?? "", label: [premises?.name, premises?.township].filter(Boolean).join(" · ") };
}

export function PremisesBox({ places, start }: { places: Places; start: string }) {
  const [typed, setTyped] = useState(start === "" ? "" : `${start} ${places.name(start)}`.trim());
  const [open, setOpen] = useState(false);
  const [chosen, choose] = useState(-1);
  const choices = open ? places.index.find(typed).slice(0, SHOWN_MOST).map(({ item }) => premisesChoice(item)) : [];
  const take = ({ text }: Choice): void => {
    setTyped(`${text} ${places.name(text)}`.trim());
    setOpen(false);
    choose(-1);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.isComposing || choices.length === 0 || event.ctrlKey) return;
    const picked = choices[chosen];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(step(chosen, event.key === "ArrowDown" ? 1 : -1, choices.length));
    else if (event.key === "Enter" && picked !== undefined) take(picked);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="field">
      <label>
        {tr("Premises")}{" "}
        <input
          name="target" autocomplete="off" required autofocus value={typed} placeholder={tr("number, name, or initials: xxltt")}
          role="combobox" aria-expanded={choices.length > 0} aria-controls="target-choices" aria-autocomplete="list"
          aria-activedescendant={choiceId("target-choices", chosen)}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setOpen(true);
            choose(-1);
          }}
          onKeyDown={key}
          onBlur={() => setOpen(false)}
        />
      </label>
      {choices.length > 0 && <ChoiceList id="target-choices" title={tr("Premises")} choices={choices} chosen={chosen} take={take} />}
    </div>
  );
}
