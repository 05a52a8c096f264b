/** What could stand where the caret is in a command line. */
import { plain } from "../state/search";
import { kindWord } from "../words";
import type { Known } from "./command";
import { channelChoices, type Choice, cut, isChinese, priorityChoices, type Verb, verbChoices, verbOf } from "./line";

export interface Completion {
  from: number;
  to: number;
  choices: Choice[];
}

const COMPLETED_MOST = 8;

function starting(typed: string, all: readonly Choice[]): Choice[] {
  return all.filter(({ text, label }) => plain(text).startsWith(typed) || (isChinese(typed) && label.includes(typed)));
}

function choicesFor(verb: Verb, typed: string, known: Known): Choice[] {
  if (verb === "undo") return [];
  if (verb === "view") return [...starting(typed, known.orders), ...starting(typed, known.teams), ...known.premises(typed).choices, ...known.people(typed).choices];
  if (verb === "issue") {
    const kinds = known.kinds.filter((kind) => kindWord(kind).startsWith(typed) || kind.startsWith(typed));
    const words = [...starting(typed, priorityChoices()), ...kinds.map((kind) => ({ text: kindWord(kind).replaceAll(" ", "_"), label: "" }))];
    return [...starting(typed, known.teams), ...words, ...known.premises(typed).choices];
  }
  const teams = verb === "reinforce" ? known.teams : known.teams.filter(({ text }) => known.parts.some((part) => part.team === text));
  const channels = verb === "cancel" || verb === "reinforce" ? [] : channelChoices();
  return [...starting(typed, teams), ...starting(typed, known.orders), ...starting(typed, channels)];
}

/** What could stand where the caret is, for the word that is being typed there. */
export function complete(line: string, caret: number, known: Known): Completion {
  const { tokens } = cut(line); // what stands behind the colon is nobody's word but the person's
  const none = { from: caret, to: caret, choices: [] };
  const at = tokens.findIndex(({ from, to }) => from < caret && caret <= to);
  const token = tokens[at];
  if (token === undefined) return none;
  const typed = plain(line.slice(token.from, caret));
  if (at === 0) return { from: token.from, to: token.to, choices: verbOf(token) !== undefined ? [] : starting(typed, verbChoices()) };
  const verb = verbOf(tokens[0]);
  if (verb === undefined) return none;
  const choices = choicesFor(verb, typed, known).filter(({ text }) => plain(text) !== typed);
  return { from: token.from, to: token.to, choices: choices.slice(0, COMPLETED_MOST) };
}
