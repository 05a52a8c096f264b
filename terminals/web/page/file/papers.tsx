/** From a file to the papers of what is recorded in it: those that were issued, and the next. */
import { useEffect, useState } from "preact/hooks";
import { recordWord } from "../shell/things";
import type { Desk } from "../state/desk";
import type { Entry } from "../state/file";
import { askForms, kindsOf } from "../state/forms";
import { language, tr } from "../words";

export interface Thing {
  kind: string;
  number: string;
}

/** "itemSealed" is of an item, where items are such things. */
function isOf(event: string, kind: string): boolean {
  return event.startsWith(kind) && /^[A-Z]/.test(event.slice(kind.length));
}

/** The things of these kinds that records speak of, each once, in their order. */
export function thingsIn(entries: readonly Pick<Entry, "event" | "body">[], kinds: readonly string[]): Thing[] {
  const found = new Map<string, Thing>();
  for (const { event, body } of entries) {
    const { kind: said, number } = body as { kind?: unknown; number?: unknown };
    if (typeof number !== "string" || number === "") continue;
    const kind = kinds.find((one) => isOf(event, one)) ?? kinds.find((one) => one === said);
    if (kind !== undefined && kind !== "paper") found.set(`${kind} ${number}`, { kind, number });
  }
  return [...found.values()];
}

export function papersHref({ kind, number }: Thing): string {
  return `/papers?${new URLSearchParams({ of: kind, of_number: number, ...(language === "en" ? { lang: "en" } : {}) })}`;
}

export function PaperLinks({ desk, entries }: { desk: Desk; entries: readonly Entry[] }) {
  const [kinds, setKinds] = useState<string[]>([]);
  useEffect(() => void askForms(desk.link).then((forms) => setKinds(kindsOf(forms)), () => undefined), []);
  const things = thingsIn(entries, kinds);
  if (things.length === 0) return null;
  return (
    <nav class="papers" aria-label={tr("Papers")}>
      {tr("Papers")}{" "}
      {things.map((one) => (
        <a key={`${one.kind} ${one.number}`} href={papersHref(one)} target="_blank" rel="noreferrer">
          {recordWord(one.kind)} {one.number}
        </a>
      ))}
    </nav>
  );
}
