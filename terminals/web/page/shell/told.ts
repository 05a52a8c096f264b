/**
 * What services tell people: a sentence as its format and what its conversions stand for (Rejected.sentence), so that it
 * is told in the person's language. The catalog of those is a file of its own, which comes after the board is shown.
 */
import { language, service } from "../words";

interface Catalog {
  sentences: Record<string, string>;
  words: Record<string, string>; // that a sentence may have as arguments, marked "%-s": "on_scene"
}

let catalog: Catalog | undefined;

export async function loadCatalog(): Promise<void> {
  if (language !== "zh" || catalog !== undefined) return;
  const response = await fetch("/told-zh.json");
  if (response.ok) catalog = (await response.json()) as Catalog;
}

/** A word of the protocol, as sentences may have it: "serve_release". */
export function toldWord(name: string): string {
  return catalog?.words[name] ?? name.replaceAll("_", " ");
}

const CONVERSION = /%(?:(\d+)\$)?([-0 #+]*)\d*(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?([a-zA-Z%])/g;

function wordsOf(format: string): Set<number> {
  const words = new Set<number>();
  let next = 0;
  for (const [, , flags = "", kind] of format.matchAll(CONVERSION)) {
    if (kind === "%") continue;
    if (flags.includes("-")) words.add(next);
    next++;
  }
  return words;
}

const BETWEEN: Record<string, string> = { ", ": "、", " or ": "或", " (": "（", ")": "）" };

/** A word may say whose it is, because several have it: "accepted@shift.Request"; or that it is a service: "shift@". Nouns stand among the sentences. */
function wordInChinese(known: Catalog, piece: string): string {
  const [word = "", whose] = piece.split("@");
  if (whose === "") return service(word);
  return known.words[piece] ?? known.words[word] ?? known.sentences[word] ?? word;
}

function inChinese(known: Catalog, text: string): string {
  return (
    known.sentences[text] ??
    text
      .split(/(, | or | \(|\))/)
      .map((piece) => BETWEEN[piece] ?? wordInChinese(known, piece))
      .join("")
  );
}

/** `text` is the same in English, for where there is no catalog or no translation. */
export function told(text: string, sentence: readonly string[]): string {
  const [format, ...values] = sentence;
  const chinese = format === undefined ? catalog?.sentences[text] : catalog?.sentences[format];
  if (catalog === undefined || chinese === undefined) return text;
  const known = catalog;
  const words = wordsOf(format ?? "");
  let next = 0;
  return chinese.replace(CONVERSION, (_, at: string | undefined, _flags, kind: string) => {
    if (kind === "%") return "%";
    const i = at === undefined ? next++ : Number(at) - 1;
    const value = values[i] ?? "";
    return words.has(i) ? inChinese(known, value) : value;
  });
}
