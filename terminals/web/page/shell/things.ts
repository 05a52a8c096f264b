/**
 * What kinds of records are called of which there are papers. Not with the other words: what stands in quotes there names
 * members of messages (build/prune.mjs), which the lead's card would carry for nothing.
 */
import { language, thing, TR, tr } from "../words";

const MORE = [TR("paper"), TR("premises")];

export function recordWord(kind: string): string {
  return language === "zh" && MORE.includes(kind) ? tr(kind) : thing(kind);
}
