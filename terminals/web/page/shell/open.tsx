/** What every page begins with: its language, its title, and where it is drawn. */
import { type ComponentChild, render } from "preact";
import { speak, tr } from "../words";

/** Shows a page in the language that its address asks for. `title` is marked by TR; `show` gets it in the person's words. */
export function showPage(title: string, show: (title: string) => ComponentChild): void {
  const isEnglish = new URLSearchParams(location.search).get("lang") === "en";
  speak(isEnglish ? "en" : "zh");
  document.documentElement.lang = isEnglish ? "en" : "zh-CN";
  const inWords = tr(title);
  document.title = `${tr("Lianqin")} · ${inWords}`;
  const root = document.getElementById("page");
  if (root !== null) render(<>{show(inWords)}</>, root);
}
