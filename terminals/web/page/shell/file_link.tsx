/** A link to the file of premises: a page of its own in another tab, and in place where the page can show it. */
import type { ComponentChildren } from "preact";
import { language } from "../words";

export function fileHref(number: string): string {
  return `/file/${encodeURIComponent(number)}${language === "en" ? "?lang=en" : ""}`;
}

export function FileLink({ number, open, children }: { number: string; open(number: string): void; children: ComponentChildren }) {
  return (
    <a
      href={fileHref(number)}
      onClick={(event) => {
        if (event.ctrlKey || event.shiftKey || event.metaKey || event.button !== 0) return;
        event.preventDefault();
        open(number);
      }}
    >
      {children}
    </a>
  );
}
