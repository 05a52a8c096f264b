// build.mjs PROTO_DIR PO_FILE OUT_DIR: makes the page. Called by scripts/web-page in a copy of this folder, beside
// node_modules; what it generates (gen/) lies there, and what is served goes to OUT_DIR.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { bundlePage, bundleWorker } from "./bundle.mjs";
import { drawIcon } from "./icon.mjs";
import { describe, generateMessages } from "./messages.mjs";
import { generateAllWords, generateTold, generateWords, sentencesOf } from "./words.mjs";

const [protoDir, poFile, outDir] = process.argv.slice(2).map((path) => resolve(path));
const here = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");

// The pages: the file that is served, and what stands in a browser's tab until the script says it in the person's words.
const PAGES = {
  desk: { file: "index.html", title: "调度台" },
  file: { file: "file.html", title: "一企一档" },
  lead: { file: "lead.html", title: "任务卡", isSmall: true, head: '<link rel="manifest" href="/lead.webmanifest"><link rel="apple-touch-icon" href="/icon-180.png">' },
  figures: { file: "figures.html", title: "战果与案件" },
  papers: { file: "papers.html", title: "文书" },
  wall: { file: "wall.html", title: "大屏" },
  pair: { file: "pair.html", title: "设备登记" },
};

// Every file with this ending in a folder and those below it, but for what others have written.
function sources(folder, endings) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "gen", "build"].includes(entry.name) ? [] : sources(path, endings);
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
  });
}

rmSync(join(here, "gen"), { recursive: true, force: true });
mkdirSync(join(here, "gen"), { recursive: true });
const descriptors = describe(protoDir, join(here, "gen", "descriptors.pb"));
generateMessages(descriptors, here);
const texts = sources(here, [".ts", ".tsx"]).map((path) => readFileSync(path, "utf8"));
const catalog = readFileSync(poFile, "utf8");
writeFileSync(join(here, "gen", "words.ts"), generateWords(descriptors, catalog, { texts }));
writeFileSync(join(here, "gen", "later.ts"), sentencesOf(catalog, { texts: [] }, { texts: [] }));
writeFileSync(join(here, "gen", "all_words.ts"), generateAllWords(descriptors));

rmSync(outDir, { recursive: true, force: true });
mkdirSync(outDir, { recursive: true });
const parts = {};
for (const [name, { isSmall = false }] of Object.entries(PAGES)) parts[name] = await bundlePage(here, outDir, name, descriptors, catalog, isSmall);
for (const name of readdirSync(join(here, "static"))) copyFileSync(join(here, "static", name), join(outDir, name));
writeFileSync(join(outDir, "icon-180.png"), drawIcon(readFileSync(join(here, "static", "icon-maskable.svg"), "utf8"), 180));
const page = readFileSync(join(here, "build", "page.html"), "utf8");
for (const [name, { file, title, head = "" }] of Object.entries(PAGES)) {
  const { script, style, beside } = parts[name];
  const links = [head, ...beside.map((part) => `<link rel="modulepreload" href="/${part}">`)].filter(Boolean).map((link) => `    ${link}\n`);
  const filled = page.replace("{script}", script).replace("{style}", style).replace("{title}", title);
  writeFileSync(join(outDir, file), filled.replace(/ *\{links\}\n/, links.join("")));
}
writeFileSync(join(outDir, "told-zh.json"), generateTold(descriptors, catalog));
// What the card needs without a signal; its version is what is in it.
const own = readdirSync(outDir).filter((name) => /^lead-\w+\.(js|css)$/.test(name));
const files = [...own, "lead.webmanifest", "icon.svg", "told-zh.json"];
const version = createHash("sha256");
for (const name of ["lead.html", ...files]) version.update(readFileSync(join(outDir, name)));
await bundleWorker(here, outDir, version.digest("hex").slice(0, 16), ["/lead", ...files.map((name) => `/${name}`)]);
// The licences of what is bundled go with it.
const bundled = ["@bufbuild/protobuf", "fflate", "preact", "tweetnacl"];
const licences = bundled.map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8") : ""}\n`;
});
writeFileSync(join(outDir, "licences.txt"), licences.join("\n"));
for (const name of readdirSync(outDir)) {
  if (/\.(html|js|json|css|svg|txt|webmanifest)$/.test(name)) {
    writeFileSync(join(outDir, `${name}.gz`), gzipSync(readFileSync(join(outDir, name)), { level: 9 }));
  }
}
