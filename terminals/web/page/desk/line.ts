/** What a command line is made of: its words, in Chinese and Latin, and where they stand. */
import { Priority, PrioritySchema, Step } from "../gen/dispatch_pb";
import { plain } from "../state/search";
import { kindWord, language, tr, TR, word } from "../words";

export interface Choice {
  text: string; // what stands in the line for it
  label: string; // what a person reads beside it
}

// -------------------------------------------------------------- the words

export type Verb = "issue" | Step | "decline" | "reinforce" | "cancel" | "view" | "undo" | "help";

interface VerbRow {
  verb: Verb;
  zh: readonly string[]; // the first is what is shown
  en: readonly string[];
  what: string;
}

export const VERBS: readonly VerbRow[] = [
  { verb: "issue", zh: ["发", "下达"], en: ["i", "issue"], what: TR("issue an order: premises kind priority teams: instructions") },
  { verb: Step.ACKNOWLEDGED, zh: ["签", "签收"], en: ["a", "ack"], what: TR("acknowledge for teams: teams channel") },
  { verb: Step.DEPARTED, zh: ["出", "出发"], en: ["d", "depart"], what: TR("report departed: teams channel") },
  { verb: Step.ON_SCENE, zh: ["到", "到场"], en: ["s", "scene"], what: TR("report on scene: teams channel") },
  { verb: Step.FINISHED, zh: ["完", "完成"], en: ["f", "finish"], what: TR("report finished: teams channel") },
  { verb: "decline", zh: ["拒", "不能出动", "拒绝"], en: ["n", "decline"], what: TR("decline for teams: teams channel: why") },
  { verb: "reinforce", zh: ["增", "增派"], en: ["r", "reinforce"], what: TR("send more teams on an order: order teams") },
  { verb: "cancel", zh: ["撤", "撤销", "撤回", "召回"], en: ["x", "cancel"], what: TR("cancel an order, or withdraw teams from it: order teams: why") },
  { verb: "view", zh: ["看", "查看"], en: ["v", "view"], what: TR("look at premises, an order, a team or a person") },
  { verb: "undo", zh: ["退", "作废"], en: ["u", "undo"], what: TR("void the order that was issued here last: why") },
  { verb: "help", zh: ["?", "帮助"], en: ["?", "help"], what: TR("all keys and words") },
];

interface Channel {
  value: string; // as the form sends it
  also: readonly string[];
}

export const CHANNELS: readonly Channel[] = [
  { value: TR("telephone"), also: ["phone", "tel", "电", "话"] },
  { value: TR("radio"), also: ["台", "对讲", "对讲机"] },
  { value: TR("in person"), also: ["person", "in-person", "当面", "面"] },
];

export const PRIORITIES = [Priority.FLASH, Priority.URGENT, Priority.ROUTINE];
export const DEFAULT_KIND = "raid"; // as the form has it

export function isChinese(text: string): boolean {
  return /^[\u4e00-\u9fff]/.test(text);
}

/** A word of ours: whole, or as much of a Chinese one as makes it the only one. */
function among<T>(typed: string, all: readonly T[], names: (one: T) => string[]): T[] {
  const whole = all.filter((one) => names(one).some((name) => plain(name) === typed));
  if (whole.length > 0 || !isChinese(typed) || typed.length < 2) return whole;
  return all.filter((one) => names(one).some((name) => name.startsWith(typed)));
}

export function channelsOf(typed: string): Channel[] {
  return among(typed, CHANNELS, ({ value, also }) => [value, tr(value), ...also]);
}

export function prioritiesOf(typed: string): Priority[] {
  return among(typed, PRIORITIES, (one) => [word(PrioritySchema, one), Priority[one] ?? ""]);
}

export function kindsOf(typed: string, kinds: readonly string[]): string[] {
  return among(typed, kinds, (kind) => [kindWord(kind), kind]);
}

export function priorityChoices(): Choice[] {
  return PRIORITIES.map((one) => ({ text: word(PrioritySchema, one), label: "" }));
}

export function channelChoices(): Choice[] {
  // A blank ends a word in the line.
  return CHANNELS.map(({ value }) => ({ text: tr(value).replaceAll(" ", "-"), label: "" }));
}

// -------------------------------------------------------------- cutting a line

export interface Token {
  text: string; // as it is compared: plain()
  from: number;
  to: number;
}

export interface Cut {
  tokens: Token[]; // before the colon
  words: string | undefined; // behind it; undefined: there is none
  wordsFrom: number;
}

/** "签T01" is two words: a Chinese verb needs no blank behind it. */
function splitVerb({ text, from, to }: Token): Token[] {
  const verb = VERBS.flatMap(({ zh }) => zh).filter((one) => text.startsWith(one)).sort((a, b) => b.length - a.length)[0];
  if (verb === undefined || verb.length === text.length) return [{ text, from, to }];
  return [{ text: verb, from, to: from + verb.length }, { text: text.slice(verb.length), from: from + verb.length, to }];
}

export function cut(line: string): Cut {
  const colon = line.search(/[:：]/);
  const head = colon < 0 ? line : line.slice(0, colon);
  const tokens = [...head.matchAll(/[^\s、，,]+/g)].map(({ 0: text, index }) => ({ text: plain(text), from: index, to: index + text.length }));
  const [first, ...rest] = tokens;
  const all = first === undefined ? [] : [...splitVerb(first), ...rest];
  return { tokens: all, words: colon < 0 ? undefined : line.slice(colon + 1).trim(), wordsFrom: colon < 0 ? line.length : colon + 1 };
}

export function verbOf(token: Token | undefined): Verb | undefined {
  return VERBS.find(({ zh, en }) => token !== undefined && [...zh, ...en].includes(token.text))?.verb;
}

export function verbChoices(): Choice[] {
  return VERBS.map(({ zh, en, what }) => ({ text: (language === "zh" ? zh[0] : en[0]) ?? "", label: tr(what) }));
}
