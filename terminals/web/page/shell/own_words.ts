/** The county's own words: those of the last time at once, for there may be no signal, and those of now when they come. */
import { language, learnKinds } from "../words";

const KEPT = "lianqin-words";

function learn(text: string): void {
  const kinds: unknown = JSON.parse(text);
  if (typeof kinds === "object" && kinds !== null) learnKinds(kinds as Record<string, string>);
}

export async function learnOwnWords(): Promise<void> {
  if (language !== "zh") return;
  const kept = localStorage.getItem(KEPT);
  if (kept !== null) learn(kept);
  const response = await fetch("/words.json");
  if (!response.ok) return;
  const text = await response.text();
  if (text === kept) return;
  learn(text);
  localStorage.setItem(KEPT, text);
}
