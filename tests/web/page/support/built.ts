/** The built page as files. */
import { cpSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = process.env["LQ_PAGE"] ?? "";

/** A copy in a folder of its own, to be changed; whoever asked for it removes it. */
export function copyOfPage(): string {
  const copy = mkdtempSync(join(tmpdir(), "page-"));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** The names of all scripts that a page fetches at once, by its HTML. */
export function scriptsOf(html: string): string[] {
  const text = readFileSync(join(folder, html), "utf8");
  return [...new Set([...text.matchAll(/"\/([\w-]+\.js)"/g)].map(([, name]) => name ?? ""))];
}

/** Of files as they are served, in bytes. */
export function packedSize(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(folder, `${name}.gz`)).size, 0);
}
