/** A list of what could be meant, under or over the field in which it is being typed. */
import type { Choice } from "./line";

interface ChoiceListProps {
  id: string;
  title: string;
  choices: readonly Choice[];
  chosen: number; // -1: none yet
  take(choice: Choice): void;
}

export function choiceId(id: string, at: number): string | undefined {
  return at < 0 ? undefined : `${id}-${at}`;
}

/** The one after, or before; behind the last one stands none. */
export function step(chosen: number, by: 1 | -1, count: number): number {
  return ((chosen + 1 + by + count + 1) % (count + 1)) - 1;
}

export function ChoiceList({ id, title, choices, chosen, take }: ChoiceListProps) {
  return (
    <ul class="choices" id={id} role="listbox" aria-label={title}>
      {choices.map((choice, i) => (
        <li
          key={`${choice.text} ${choice.label}`}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === chosen}
          onPointerDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            take(choice);
          }}
        >
          <b>{choice.text}</b> {choice.label}
        </li>
      ))}
    </ul>
  );
}
