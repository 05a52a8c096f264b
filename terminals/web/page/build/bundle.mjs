// One page as a script, and what it fetches only when that is opened as scripts beside it; each with the words that its own
// sources say.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";
import { generateWords, sentencesOf } from "./words.mjs";

const OPTIONS = {
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16"],
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

// Generated files in the place of those of all pages.
function instead(files) {
  return {
    name: "instead",
    setup: (build) =>
      build.onLoad({ filter: /[\\/]gen[\\/][^\\/]+\.ts$/ }, ({ path }) => {
        const contents = files.get(basename(path));
        return contents === undefined ? undefined : { contents, loader: "ts" };
      }),
  };
}

// tweetnacl is one function, of which no bundler leaves anything out. Nothing here signs or makes SHA-512: from each of
// these marks to the next that part is left out, and what stands third put in its place (4 KB of a page). The version is
// exact; where a mark is missing, stop. (Of the low level link/curve.ts uses one function.)
const UNUSED = [
  ["var K = [", "var crypto_secretbox_KEYBYTES", ""],
  ["nacl.lowlevel = {", "function checkLengths(", "nacl.lowlevel = { crypto_core_hsalsa20: crypto_core_hsalsa20 };"],
  ["nacl.sign = function", "nacl.verify = function", ""],
];

function withoutSignatures(path) {
  return UNUSED.reduce((text, [from, to, instead]) => {
    const [begin, end] = [text.indexOf(`\n${from}`), text.indexOf(`\n${to}`)];
    if (begin < 0 || end < begin) throw new Error(`${path} has no part from “${from}” to “${to}”: is it another version?`);
    return `${text.slice(0, begin)}\n${instead}${text.slice(end)}`;
  }, readFileSync(path, "utf8"));
}

const lessOfNacl = {
  name: "less-of-nacl",
  setup: (build) => build.onLoad({ filter: /[\\/]nacl-fast\.js$/ }, ({ path }) => ({ contents: withoutSignatures(path), loader: "js" })),
};

/** The outputs that a script imports at once, with what those import. */
function atOnce(outputs, name, seen = new Set()) {
  seen.add(name);
  for (const { path, kind } of outputs[name].imports) {
    if (kind === "import-statement" && !seen.has(path)) atOnce(outputs, path, seen);
  }
  return seen;
}

/** Which sources are in the page as it opens, and which in what it fetches later. */
async function lookAt(folder, options) {
  const { metafile } = await esbuild.build({ ...options, write: false, metafile: true });
  const [entry] = Object.entries(metafile.outputs).find(([path, { entryPoint }]) => path.endsWith(".js") && entryPoint === Object.values(options.entryPoints)[0]);
  const first = atOnce(metafile.outputs, entry);
  const sources = (isFirst) =>
    Object.entries(metafile.outputs)
      .filter(([path]) => path.endsWith(".js") && first.has(path) === isFirst)
      .flatMap(([, { inputs }]) => Object.entries(inputs).filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && /\.tsx?$/.test(path) && !path.startsWith("gen/")))
      .map(([path]) => readFileSync(join(folder, path), "utf8"));
  return { now: sources(true), later: sources(false) };
}

/** Gives the names of the scripts that the page's own imports at once, for its HTML: so that they come together. */
export async function bundlePage(folder, outDir, name, descriptors, catalog) {
  const options = { ...OPTIONS, absWorkingDir: folder, entryPoints: { [name]: `${name}/main.tsx` }, outdir: outDir, chunkNames: `${name}-[hash]` };
  const { now, later } = await lookAt(folder, options);
  const words = generateWords(descriptors, catalog, now);
  const files = new Map([["words.ts", words], ["later.ts", sentencesOf(catalog, later, now)]]);
  const { metafile } = await esbuild.build({ ...options, plugins: [instead(files), lessOfNacl], metafile: true });
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === `${name}/main.tsx`);
  return [...atOnce(metafile.outputs, entry)].filter((path) => path !== entry).map((path) => basename(path));
}
