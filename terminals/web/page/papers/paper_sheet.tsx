/** A paper's page in a tree of its own, with its own style; as long as it is shown, what is printed is laid out by it. */
import { useEffect, useRef } from "preact/hooks";
import type { Sheet } from "./sheet";

export function PaperSheet({ sheet, title }: { sheet: Sheet; title: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = host.current;
    if (at === null) return;
    const root = at.shadowRoot ?? at.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet.style];
    root.replaceChildren(sheet.body);
    document.adoptedStyleSheets = [sheet.pages];
    return () => {
      document.adoptedStyleSheets = [];
    };
  }, [sheet]);
  return <div class="sheet" ref={host} lang="zh-CN" tabIndex={0} role="group" aria-label={title} />;
}
