/**
 * What people read, in the language that was asked for: Chinese, or English by ?lang=en. Sentences stand in English
 * where they are said, and their Chinese in po/zh_CN.po; words of the protocol are those of proto/.
 */
import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { enumWords, memberWords, sentences, serviceWords, thingWords } from "./gen/words";

export type Language = "zh" | "en";

export let language: Language = "zh";

export function speak(chosen: Language): void {
  language = chosen;
}

/** Fills the conversions of a sentence (%s, %d, %% and %1$s), as lq does. */
export function fill(format: string, values: readonly (string | number)[]): string {
  let next = 0;
  return format.replace(/%(?:(\d+)\$)?([sd%])/g, (_, at: string | undefined, kind: string) =>
    kind === "%" ? "%" : String(values[at === undefined ? next++ : Number(at) - 1] ?? ""),
  );
}

/** A sentence for people. po/update finds it where it stands: a literal text, on one line. */
export function tr(sentence: string, ...values: (string | number)[]): string {
  return fill(language === "zh" ? (sentences[sentence] ?? sentence) : sentence, values);
}

/** Marks a sentence that is said later, by tr. */
export function TR(sentence: string): string {
  return sentence;
}

function spaced(name: string): string {
  return name.toLowerCase().replaceAll("_", " ");
}

/** An enum's value: "特急", "flash"; "" for the one that says nothing. */
export function word(type: DescEnum, value: number): string {
  const known = type.value[value];
  if (language === "zh") {
    const chinese = enumWords[type.typeName]?.[value];
    if (chinese !== undefined) return chinese;
  }
  if (known === undefined) return value === 0 ? "" : String(value);
  return value === 0 && known.name.endsWith("UNSPECIFIED") ? "" : spaced(known.name);
}

/** A member of a message: what an event is called. */
export function member(type: DescMessage, name: string): string {
  return language === "zh" ? (memberWords[`${type.typeName}.${name}`] ?? spaced(name)) : spaced(name);
}

// Things that no message is called after.
const THINGS = [TR("rota"), TR("roll"), TR("shift"), TR("handover"), TR("bulletin")];

/** Words that a page has fetched beside its own: of gen/later.ts, gen/all_words.ts. */
export function learn(more: { sentences?: typeof sentences; enumWords?: typeof enumWords; memberWords?: typeof memberWords }): void {
  Object.assign(sentences, more.sentences);
  Object.assign(enumWords, more.enumWords);
  Object.assign(memberWords, more.memberWords);
}

/** A kind of thing: "order", "item". */
export function thing(kind: string): string {
  if (language === "en") return spaced(kind);
  return THINGS.includes(kind) ? tr(kind) : (thingWords[kind] ?? kind);
}

/** A thing by its number; the rota has none, and is the whole force's. */
export function thingNumber(kind: string, number: string): string {
  return `${thing(kind)} ${kind === "rota" && number === "force" ? tr("force") : number}`;
}

/** A service, as people call it. */
export function service(name: string): string {
  return language === "zh" ? (serviceWords[name] ?? (name === "bus" ? tr("bus") : name)) : name;
}

// What is free text in the protocol and mostly one of a few: kinds of orders, names of shifts, why a service calls.
const KINDS = [
  TR("raid"), TR("patrol"), TR("demolition"), TR("shutdown"), TR("off_peak_check"), TR("night_check"), TR("check"),
  TR("day"), TR("night"), TR("breach"), TR("video_silent"), TR("need_help"), TR("unknown"), TR("evening"),
];

const ownKinds = new Map<string, string>();

/** The Chinese of the county's own kinds (lianqin.yaml, words), in the place of what was known of them. */
export function learnKinds(kinds: Readonly<Record<string, string>>): void {
  ownKinds.clear();
  for (const [kind, chinese] of Object.entries(kinds)) ownKinds.set(kind, chinese);
}

/** What the county calls a kind in Chinese; undefined: it says nothing of it, or English is spoken. */
export function ownKind(kind: string): string | undefined {
  return language === "zh" ? ownKinds.get(kind) : undefined;
}

export function kindWord(kind: string): string {
  const own = ownKind(kind);
  if (own !== undefined) return own;
  if (!KINDS.includes(kind)) return kind;
  return language === "zh" ? tr(kind) : spaced(kind);
}
