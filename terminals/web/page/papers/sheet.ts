/**
 * An issued paper as nodes of this page. Nothing of it is given to the browser as HTML: it is read tag by tag, and only
 * what papers are made of becomes a node (common/rules/paper_page.c), so that nothing in it can run. Its own style sheet
 * applies to it alone, that of its pages to what is printed.
 */

export interface Sheet {
  body: HTMLElement;
  /** Of the paper itself. */
  style: CSSStyleSheet;
  /** How its pages are laid out when it is printed. */
  pages: CSSStyleSheet;
}

const ELEMENTS = new Set(["body", "header", "h1", "h2", "p", "span", "i", "br", "div", "table", "thead", "tbody", "tr", "th", "td"]);
const ATTRIBUTES = new Set(["class", "colspan"]);
const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>|([^<]+)/y;
const CHARACTERS: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => CHARACTERS[name] ?? "");
}

function elementOf(name: string, attributes: string): HTMLElement | undefined {
  if (!ELEMENTS.has(name)) return undefined;
  const element = document.createElement(name);
  for (const [, key = "", value = ""] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
    if (!ATTRIBUTES.has(key)) return undefined;
    element.setAttribute(key, plain(value));
  }
  return element;
}

/** The nodes between <body> and </body>; undefined: there is something that no paper has. */
function readBody(text: string): HTMLElement | undefined {
  const body = document.createElement("body");
  const open: HTMLElement[] = [body];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, end, name, attributes = "", words] = TOKEN.exec(text) ?? [];
    const inner = open.at(-1);
    if (inner === undefined) return undefined;
    if (words !== undefined) inner.append(plain(words));
    else if (end === "/") {
      if (open.pop()?.localName !== name) return undefined;
    } else {
      const element = name === undefined ? undefined : elementOf(name, attributes);
      if (element === undefined) return undefined;
      inner.append(element);
      if (name !== "br") open.push(element);
    }
  }
  return open.length === 1 ? body : undefined;
}

function between(text: string, from: string, to: string): string | undefined {
  const begin = text.indexOf(from);
  const end = text.lastIndexOf(to);
  return begin < 0 || end < begin ? undefined : text.slice(begin + from.length, end);
}

/** undefined: it is no page as papers have it; it can be saved, not shown. */
export function sheetOf(html: Uint8Array): Sheet | undefined {
  const text = new TextDecoder().decode(html);
  const css = between(text, "<style>", "</style>");
  const inner = between(text, "<body>", "</body>");
  const body = inner === undefined ? undefined : readBody(inner);
  if (css === undefined || body === undefined) return undefined;
  const [style, pages] = [new CSSStyleSheet(), new CSSStyleSheet()];
  style.replaceSync(css);
  for (const rule of style.cssRules) if (rule instanceof CSSPageRule) pages.insertRule(rule.cssText, pages.cssRules.length);
  return { body, style, pages };
}
