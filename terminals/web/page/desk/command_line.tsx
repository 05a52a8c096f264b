/** The command line's pane: the line, what could stand in it, what it would do, and what became of it. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Acts, ActLines } from "../shell/acts";
import type { Desk } from "../state/desk";
import type { Places } from "../state/places";
import { language, tr } from "../words";
import { carryOut, inWords, knownOf, peopleIndex } from "./carry_out";
import { ChoiceList, choiceId, step } from "./choices";
import { isLooking, type Known, type Looking, type Parsed, parse } from "./command";
import { complete, type Completion } from "./complete";
import { type Choice, cut, verbChoices, verbOf } from "./line";
import { isTyping } from "./keys";
import type { Sheet } from "./sheets";

const LIST = "line-choices";
const KEPT_MOST = 50; // lines that were sent, for the arrow up

/** What a line shows is opened on the board; text where there is nothing to open. */
export type Open = (act: Looking) => string;

interface CommandLineProps {
  desk: Desk;
  acts: Acts;
  places: Places;
  mayAct: boolean; // else only what looks is done
  lastOrder: string;
  open: Open;
  issued(number: string): void;
  show(sheet: Sheet): void;
}

/** Under the line, in its own letters: the place that is wrong. */
function Place({ line, parsed, scroll }: { line: string; parsed: Parsed; scroll: number }) {
  if (parsed.is !== "wrong") return null;
  const [from, to] = [parsed.from, Math.max(parsed.to, parsed.from)];
  return (
    <div class="place" aria-hidden="true">
      <span style={{ marginLeft: `${-scroll}px` }}>{line.slice(0, from)}</span>
      <mark>{line.slice(from, to) || "\u2003"}</mark>
    </div>
  );
}

function Saying({ parsed, asked, told, mayAct }: { parsed: Parsed; asked: boolean; told: string; mayAct: boolean }) {
  if (told !== "") return <p class="said" role="status">{told}</p>;
  switch (parsed.is) {
    case "empty":
      return <p class="said quiet">{tr("Enter does it, Tab completes, Esc leaves; arrow down: what can be done. F3 looks for something.")}</p>;
    case "ready":
      return <p class="said" role="status">{mayAct || isLooking(parsed.act) ? <><kbd>Enter</kbd> {inWords(parsed.act)}</> : tr("This key may only look.")}</p>;
    case "wrong":
      return <p class={`said ${asked ? "alarm" : "quiet"}`} role={asked ? "alert" : "status"}>{asked && <b>{tr("Nothing was sent.")} </b>}{parsed.why}</p>;
  }
}

/** What keys lead to as well: so that they are found. */
function Ways({ show }: { show(sheet: Sheet): void }) {
  return (
    <span class="ways">
      <button type="button" class="small" onClick={() => show({ is: "map" })}>{tr("Map")} <kbd>Alt+4</kbd></button>
      <button type="button" class="small" onClick={() => show({ is: "handover" })}>{tr("Handover")} <kbd>Alt+5</kbd></button>
      <button type="button" class="small" onClick={() => print()}>{tr("Print")} <kbd>F9</kbd></button>
      <button type="button" class="small" onClick={() => show({ is: "help" })}>{tr("Help")} <kbd>F1</kbd></button>
    </span>
  );
}

/** Puts a choice where it belongs; a blank behind it, so that the next word can be typed. */
function withChoice(line: string, { from, to }: { from: number; to: number }, { text }: Choice): string {
  const before = line.slice(0, from);
  const gap = before === "" || /\s$/.test(before) || text === ":" ? "" : " ";
  const behind = line.slice(to).replace(/^\s+/, "");
  return `${before}${gap}${text} ${behind}`;
}

/** What is offered: the words that could stand here, else what would do where it is wrong. */
function offered(line: string, caret: number, known: Known, parsed: Parsed): Completion {
  const completion = complete(line, caret, known);
  if (completion.choices.length > 0 || parsed.is !== "wrong") return completion;
  // Where something is missing it is missing at the end: nothing is offered while a word is being typed there.
  const isBegun = parsed.from === parsed.to && !/(^|[\s:：])$/.test(line);
  return { from: parsed.from, to: parsed.to, choices: isBegun ? [] : parsed.would };
}

interface Typed {
  line: string;
  caret: number;
  chosen: number; // of what is offered; -1: none yet
  asked: boolean; // Enter was pressed: what is wrong is told loudly
  told: string; // what the last line had for an answer
  closed: boolean; // the list, by Esc
  listed: boolean; // of an empty line what it can begin with, by the arrow down
}

const EMPTY: Typed = { line: "", caret: 0, chosen: -1, asked: false, told: "", closed: false, listed: false };

/** The line with what it means and what is offered for it. */
function useLine(desk: Desk, places: Places, lastOrder: string, focused: boolean) {
  const [typed, set] = useState(EMPTY);
  const change = (part: Partial<Typed>): void => set((before) => ({ ...before, ...part }));
  const put = (line: string): void => set({ ...EMPTY, line, caret: line.length });
  const people = useMemo(() => peopleIndex(desk), [desk.people]);
  const known = knownOf(desk, places, people, lastOrder);
  const { line, caret, closed, listed } = typed;
  const parsed = parse(line, known);
  const begins = { from: 0, to: 0, choices: listed ? verbChoices() : [] };
  const offer = !focused || closed ? undefined : line === "" ? begins : offered(line, caret, known, parsed);
  return { ...typed, change, put, parsed, offer, choices: offer?.choices ?? [] };
}

interface Doing {
  take(choice: Choice): void;
  send(): void;
  recall(): void; // the line before
  leave(): void;
}

/** What a key does in the line; false: it is the browser's. */
function pressed(event: KeyboardEvent, { line, choices, chosen, change, put }: ReturnType<typeof useLine>, { take, send, recall, leave }: Doing): boolean {
  const picked = choices[chosen];
  // Who is in the line already and presses its key again means the line.
  if (event.code === "Slash" && line === "" && !event.shiftKey && !event.ctrlKey && !event.altKey) return true;
  if (event.key === "Enter" && picked !== undefined && !event.ctrlKey) take(picked);
  else if (event.key === "Enter") send();
  else if (event.key === "Tab" && choices[0] !== undefined && line !== "" && !event.shiftKey) take(picked ?? choices[0]);
  else if (event.key === "ArrowDown" && choices.length > 0) change({ chosen: step(chosen, 1, choices.length) });
  else if (event.key === "ArrowUp" && choices.length > 0) change({ chosen: step(chosen, -1, choices.length) });
  else if (event.key === "ArrowUp") recall();
  else if (event.key === "ArrowDown" && line === "") change({ listed: true });
  else if (event.key === "Escape" && choices.length > 0) change({ closed: true });
  else if (event.key === "Escape" && line !== "") put("");
  else if (event.key === "Escape") leave();
  else return false;
  return true;
}

function useSending({ desk, acts, mayAct, open, issued }: CommandLineProps, { line, parsed, put, change }: ReturnType<typeof useLine>) {
  const kept = useRef<string[]>([]);
  const send = async (): Promise<void> => {
    change({ asked: true });
    if (parsed.is !== "ready" || (!mayAct && !isLooking(parsed.act))) return;
    kept.current = [line, ...kept.current.filter((one) => one !== line)].slice(0, KEPT_MOST);
    put("");
    const { act } = parsed;
    if (isLooking(act)) return change({ told: open(act) });
    const [decided] = await carryOut(desk, acts, act);
    if (act.do === "issue" && decided?.is === "accepted") issued(decided.number);
    if (act.do === "undo" && decided?.is === "accepted") issued("");
  };
  const recall = (): void => {
    const before = kept.current[kept.current.indexOf(line) + 1];
    if (before !== undefined) put(before);
  };
  return { send: () => void send(), recall };
}

export function CommandLine(props: CommandLineProps) {
  const { desk, acts, places, mayAct, lastOrder, show } = props;
  const input = useRef<HTMLInputElement>(null);
  const [focused, setFocused] = useState(false);
  const [scroll, setScroll] = useState(0);
  const typed = useLine(desk, places, lastOrder, focused);
  const { line, choices, chosen, asked, told, parsed, offer, put, change } = typed;
  const sending = useSending(props, typed);
  useFocusKeys(input, put);
  const take = (choice: Choice): void => {
    if (offer !== undefined) put(withChoice(line, offer, choice));
    input.current?.focus();
  };
  const look = (): void => {
    change({ caret: input.current?.selectionStart ?? line.length });
    setScroll(input.current?.scrollLeft ?? 0);
  };
  const doing: Doing = { ...sending, take, leave: () => input.current?.blur() };
  return (
    <section class="command" aria-label={tr("Command line")}>
      <ActLines acts={acts} />
      {choices.length > 0 && <ChoiceList id={LIST} title={tr("What could stand here")} choices={choices} chosen={chosen} take={take} />}
      {(focused || told !== "" || asked) && <Saying parsed={parsed} asked={asked} told={told} mayAct={mayAct} />}
      <div class="line">
        <kbd title="Ctrl+K">/</kbd>
        <div class="typed">
          <input
            ref={input} value={line} autocomplete="off" spellcheck={false} maxLength={2500} aria-label={tr("Command line")}
            placeholder={mayAct ? tr("i E0123 raid flash T01 T02: what to do · a T01 telephone · v xxltt") : tr("v xxltt")}
            role="combobox" aria-expanded={choices.length > 0} aria-controls={LIST} aria-autocomplete="list" aria-activedescendant={choiceId(LIST, chosen)}
            onInput={(event) => {
              put(event.currentTarget.value);
              look();
            }}
            // While an input method composes, Enter, arrows and letters are its own.
            onKeyDown={(event) => !event.isComposing && pressed(event, typed, doing) && event.preventDefault()}
            onKeyUp={look} onClick={look} onScroll={look}
            onFocus={() => setFocused(true)}
            onBlur={() => setFocused(false)}
          />
          <Place line={line} parsed={asked ? parsed : { is: "empty" }} scroll={scroll} />
        </div>
        <Ways show={show} />
      </div>
    </section>
  );
}

/** The word that looks, in the person's language. */
function viewWord(): string {
  return language === "zh" ? "看 " : "v ";
}

/** "/" and Ctrl+K lead to the line, F3 to looking for something in it. By code: an input method changes the letters. */
function useFocusKeys(input: { current: HTMLInputElement | null }, put: (line: string) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || document.querySelector("dialog[open]") !== null) return;
      const isSlash = event.code === "Slash" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey && !isTyping(event.target);
      const isCtrlK = event.code === "KeyK" && event.ctrlKey && !event.altKey && !event.shiftKey;
      if (!isSlash && !isCtrlK && event.code !== "F3") return;
      event.preventDefault();
      input.current?.focus();
      if (event.code === "F3" && verbOf(cut(input.current?.value ?? "").tokens[0]) !== "view") put(viewWord());
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
