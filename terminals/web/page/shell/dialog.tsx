/** A form over the board. Esc leaves it, Ctrl+Enter submits it; what was typed stays where it is refused. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Decided } from "../link/act";
import { tr } from "../words";
import { outcomeText } from "./acts";

/** What a form ends with: it was decided, or kept to be sent. */
export type Ended = Decided | { is: "kept" };

export interface DialogProps {
  title: string;
  submit: string; // what the button says
  close(): void;
  /** Performs it. A text says what is missing: nothing was sent. */
  act(data: FormData): Promise<Ended> | string;
  children: ComponentChildren;
}

export function Dialog({ title, submit, close, act, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close(); // the browser gives the focus back to what had it
  }, []);
  const perform = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || form.current === null) return;
    setFault("");
    const acting = act(new FormData(form.current));
    if (typeof acting === "string") return setFault(acting);
    setBusy(true);
    const ended = await acting;
    setBusy(false);
    // What nobody has answered stands in its line, with a button; a second form would be a second act.
    if (ended.is === "kept" || ended.is === "accepted" || ended.is === "unknown") close();
    else setFault(outcomeText(ended));
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="dialog-title">
      <form
        ref={form}
        onSubmit={(event) => void perform(event)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey && !event.isComposing) form.current?.requestSubmit();
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
        {fault !== "" && (
          <p class="alarm" role="alert">
            {fault}
          </p>
        )}
        <p class="buttons">
          <button disabled={busy}>{busy ? tr("under way …") : submit}</button>
          <button type="button" class="plain" onClick={close}>
            {tr("Back")}
          </button>
        </p>
      </form>
    </dialog>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** Radio buttons: one of a few. */
export function Choices({ legend, name, choices, chosen }: { legend: string; name: string; choices: readonly Choice[]; chosen: string }) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {choices.map(({ value, label }) => (
        <label key={value} class="choice">
          <input type="radio" name={name} value={value} defaultChecked={value === chosen} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

/** The text of a field, without blanks around it. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value.trim() : "";
}
